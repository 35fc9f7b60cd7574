"""The page « Qui voit quoi »."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.own_settings import offer_setting
from civisdata.content.citizens.own_settings import OTHERS
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service
from civisdata.content.vault.access import consents  # noqa: F401


door.allow("qui-voit-quoi")

offer(
    Service(
        "qui-voit-quoi",
        _("Who sees what"),
        _("All who may see something of yours, until when, and how to stop it."),
        "access",
    ),
    order=70,
)
offer_setting(
    "qui-voit-quoi",
    OTHERS,
    _("Who sees what"),
    _("All who may see something of yours, until when, and how to stop it."),
    order=30,
    icon="access",
)
