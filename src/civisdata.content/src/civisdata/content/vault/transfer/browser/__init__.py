"""Pages of export and import, below a space; and the portal's own key, for all."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.own_settings import LEAVING
from civisdata.content.citizens.own_settings import offer_setting
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


door.allow("export", "export-selection", "import", "import-depot")

offer(
    Service(
        "export",
        _("Take everything along"),
        _("All your documents and data in one archive, to keep or to move elsewhere."),
        "export",
    ),
    order=85,
)
offer_setting(
    "export",
    LEAVING,
    _("Take everything along"),
    _("All your documents and data in one archive, to keep or to move elsewhere."),
    order=20,
    icon="export",
)
