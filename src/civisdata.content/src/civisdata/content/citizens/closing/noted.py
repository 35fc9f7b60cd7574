"""What closing notes in the journal, and how it reads."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import SHARING


CLOSED, TAKEN_BACK = "space-closed", "space-closing-taken-back"
CLOSED_BY_ADMINISTRATION = "space-closed-by-administration"
TAKEN_BACK_BY_ADMINISTRATION = "space-reopened-by-administration"

register_action(
    CLOSED,
    _("You closed your space: it is erased when the delay is over."),
    ACCOUNT,
)
register_action(TAKEN_BACK, _("You took the closing of your space back."), ACCOUNT)
register_action(
    CLOSED_BY_ADMINISTRATION,
    _("${who} closed your space: it is erased when the delay is over."),
    SHARING,
)
register_action(
    TAKEN_BACK_BY_ADMINISTRATION,
    _("${who} took the closing of your space back."),
    SHARING,
)
