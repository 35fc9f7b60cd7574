"""Tasks of the sign-up: letters that could not leave, sign-ups that nobody confirmed."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.browser.forms import site_secret
from civisdata.content.citizens.signup.taking import send_letter
from civisdata.content.citizens.signup.waiting import room_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from civisdata.content.tasks import enqueue
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from civisdata.content.tasks import TemporaryError
import transaction


TASK = "sign-up-letter"


@task(TASK, title=_("Sign-up: the letter that confirms an address"))
def write_letter(site, progress: Progress, *, waiting: str) -> None:
    """Write to the address of a sign-up, unless a letter has gone meanwhile."""
    spaces, now = get_spaces(site), clock.now()
    found = room_of(spaces).get(waiting, now)
    if found is None or found.letters:
        return
    try:
        send_letter(site, spaces, waiting, site_secret(), now)
        transaction.commit()
    except MailNotSent:
        transaction.abort()
        raise TemporaryError("the mail server takes no mail") from None


@nightly("forget-sign-ups", hour=4, title=_("Sign-up: what nobody has confirmed"))
def forget(site, progress: Progress) -> None:
    """Erase sign-ups whose time is over; letters that never left are tried again."""
    spaces, now = get_spaces(site), clock.now()
    room = room_of(spaces)
    progress(room.forget(now), 0)
    for id in room.unsent(now):
        enqueue(TASK, waiting=id)
