"""Pages of deposits: the citizen's consents and receipts, the publishers' forms."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.own_settings import offer_setting
from civisdata.content.citizens.own_settings import OTHERS
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


door.allow("consentements")

offer(
    Service(
        "consentements",
        _("Who may deposit documents"),
        _("The administrations that may put documents into your space."),
        "consents",
    ),
    order=70,
)
offer_setting(
    "consentements",
    OTHERS,
    _("Who may deposit documents"),
    _("The administrations that may put documents into your space."),
    order=20,
    icon="consents",
)
