"""What the registrations desk says: states, orders, history, answers."""

from civisdata.content import _


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
}

NO_MAIL = _(
    "The mail server does not answer: nothing was changed and nothing was sent. Please "
    "try again in a while."
)
NOT_POSSIBLE = _(
    "This can't be done any more: somebody has changed this registration meanwhile."
)
