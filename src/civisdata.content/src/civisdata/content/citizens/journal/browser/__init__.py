"""The page of the journal, below the citizen's own space."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


door.allow("journal")

offer(
    Service(
        "journal",
        _("My journal"),
        _("What happened in your space, and when; verified, and yours to take away."),
        "journal",
    ),
    order=80,
)
