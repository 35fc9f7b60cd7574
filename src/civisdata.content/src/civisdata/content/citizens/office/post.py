"""Mail that could not be sent: told apart, kept, and sent later."""

from civisdata.content.citizens import letters
from civisdata.content.citizens import registrations
from civisdata.content.citizens.catalog import NO_RECEIPT
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.mail import MailNotSent
from collections.abc import Callable
from smtplib import SMTPDataError
from smtplib import SMTPRecipientsRefused
from smtplib import SMTPSenderRefused
import transaction


def is_about_address(error: MailNotSent) -> bool:
    """Say whether the server answered and won't take this message, today or tomorrow."""
    cause = error.__cause__
    if isinstance(cause, SMTPRecipientsRefused):
        codes = [code for code, _text in cause.recipients.values()]
    elif isinstance(cause, (SMTPDataError, SMTPSenderRefused)):
        codes = [cause.smtp_code]
    else:
        return False
    return all(code >= 500 for code in codes)


def waiting_receipts(spaces: ISpaces) -> int:
    """Return how many people have not been told yet that they have signed up."""
    return registrations.catalog_of(spaces).count_mark(NO_RECEIPT)


def send_receipts(
    spaces: ISpaces, told: Callable[[int, int], None] | None = None
) -> int:
    """Send the receipts that wait, each in a transaction; return how many.

    MailNotSent where the server does not answer; what it refuses is noted and given up.
    """
    ids = list(registrations.catalog_of(spaces).with_mark(NO_RECEIPT))
    sent = 0
    for number, space_id in enumerate(ids, 1):
        space = spaces.get_space(space_id)
        try:
            one = _send_one(space)
            transaction.commit()
            sent += one
        except MailNotSent as error:
            transaction.abort()
            if not is_about_address(error):
                raise
            registrations.set_mark(space, NO_RECEIPT, False)
            registrations.write_line(
                space, "receipt_refused", registrations.BY_RULE, ""
            )
            transaction.commit()
        if told is not None:
            told(number, len(ids))
    return sent


def _send_one(space) -> bool:
    registrations.set_mark(space, NO_RECEIPT, False)
    if registrations.state_of(space) != "pending":
        return False
    registrations.write_line(space, "receipt", registrations.BY_RULE)
    registrations.write_letter(space, letters.RECEIVED)
    return True
