"""Pages of requests for documents."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service
from civisdata.content.vault.requests import access  # noqa: F401


door.allow("demandes")

offer(
    Service(
        "demandes",
        _("Document requests"),
        _("What administrations ask of you; you give a copy or decline."),
        "requests",
    ),
    order=25,
)
