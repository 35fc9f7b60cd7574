"""Pages of the vault: views of a personal space, thin shells over this room."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


# The other views are found by @@documents, below a document's id.
door.allow("documents", "depot")

offer(
    Service(
        "documents",
        _("My documents"),
        _("Store, read and find again your papers. You alone can open them."),
        "documents",
    ),
    order=10,
)
