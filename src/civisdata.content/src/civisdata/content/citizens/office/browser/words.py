"""What the registrations desk says: states, orders, history, answers."""

from civisdata.content import _
from datetime import datetime
from zoneinfo import ZoneInfo


def shown_date(moment: datetime) -> str:
    """Return day and time in France, as one reads them."""
    return moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y %H:%M")


STATES = {
    "pending": _("Awaiting a decision"),
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "suspended": _("Suspended"),
    "closed": _("Closed"),
}

ORDER_TITLES = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "name": _("By name"),
}

#: What history lines say.
ACTIONS = {
    "register": _("Signed up"),
    "confirm": _("E-mail address confirmed by its link"),
    "unproven": _(
        "Sent without the usual computation in the browser: no JavaScript, or a robot"
    ),
    "no_receipt": _("No receipt sent: the mail server did not answer"),
    "receipt": _("Receipt sent"),
    "receipt_refused": _("No receipt sent: the mail server refuses the address"),
    "no_mail": _("Not accepted automatically: the mail server refuses the address"),
    "await_letter": _("First password to be sent by letter"),
    "print_letter": _("Letter with a first password printed"),
    "export": _("Exported in a list"),
    "confirm_identity": _("Identity confirmed at the counter"),
    "withdraw_identity": _("Confirmation of the identity withdrawn"),
    "join": _("Noted as the same person as another registration"),
    "part": _("No longer noted as the same person"),
    "accept": _("Accepted"),
    "refuse": _("Refused"),
    "reassign": _("Reassigned"),
    "suspend": _("Suspended"),
    "reinstate": _("Reinstated"),
    "close": _("Closed"),
    "closing": _("Space closed: erased after the delay"),
    "closing_taken_back": _("Closing taken back"),
    "data": _("Data changed by the person"),
    "email": _("E-mail address changed by the person"),
    "move": _("Moved to another commune by the person"),
    "renew_password": _("New first password sent"),
}

#: What is said once it is done.
DONE = {
    "accept": _("Accepted. Login and first password have been sent by e-mail."),
    "refuse": _("Refused. The reason has been sent by e-mail."),
    "reassign": _("Reassigned to the other commune."),
    "suspend": _("Suspended. The reason has been sent by e-mail."),
    "reinstate": _("Reinstated. The person has been told by e-mail."),
    "close": _("Closed."),
    "renew_password": _("A new first password has been sent by e-mail."),
    "await_letter": _("A letter with a first password is to be printed."),
    "join": _("Noted: both registrations are the same person’s."),
    "join_into": _("Noted: both registrations are the same person’s."),
    "part": _("Noted: these registrations are two persons’."),
}

#: How long somebody waits, id → (days, title).
WAITING = {
    "3": (3, _("For 3 days or more")),
    "7": (7, _("For a week or more")),
    "30": (30, _("For a month or more")),
}

#: What two registrations have in common.
LIKENESS = {
    "email": _("same e-mail address"),
    "birth": _("same name and date of birth"),
    "address": _("same name and address"),
}

#: What a batch does.
BATCHES = {
    "accept": _("Acceptance, first password by e-mail"),
    "accept_by_post": _("Acceptance, first password by letter"),
    "refuse": _("Refusal"),
}

#: What a line of the log says.
LOG = {
    **BATCHES,
    "export": _("Export of a list"),
    "print": _("Printing of letters"),
    "put_back": _("Letters put back"),
}

#: Why a line of a batch was not done.
RESULTS = {
    "gone": _("this registration no longer exists"),
    "decided": _("somebody had decided it already"),
    "address": _("the mail server refuses its e-mail address"),
}

#: Why a registration is not accepted automatically.
OBJECTIONS = {
    "commune": _("its commune is not among those of the rule"),
    "doubt": _("another registration looks like the same person"),
    "unproven": _("its browser did not do the computation against robots"),
}

NO_MAIL = _(
    "The mail server does not answer: nothing was changed and nothing was sent. Please "
    "try again in a while."
)
NOT_POSSIBLE = _(
    "This can't be done any more: somebody has changed this registration meanwhile."
)
