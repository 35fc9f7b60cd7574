"""Pages of the vault: views of a personal space, thin shells over this room."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.own_settings import NEWS
from civisdata.content.citizens.own_settings import offer_setting
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import offer_block
from civisdata.content.citizens.services import Service


# The other views are found by @@documents, below a document's id.
door.allow("documents", "depot", "classer", "corbeille", "photos", "rappels")

offer(
    Service(
        "documents",
        _("My documents"),
        _("Store, read and find again your papers. You alone can open them."),
        "documents",
    ),
    order=10,
)
offer(
    Service(
        "rappels",
        _("Reminders"),
        _("What ends soon: passport, insurance, contracts, and what to do then."),
        "reminders",
    ),
    order=12,
)
offer_block("rappels-bloc", order=10, title=_("To renew"))
offer_setting(
    "rappels",
    NEWS,
    _("Reminders"),
    _("What ends soon: passport, insurance, contracts, and what to do then."),
    order=30,
    icon="reminders",
)
