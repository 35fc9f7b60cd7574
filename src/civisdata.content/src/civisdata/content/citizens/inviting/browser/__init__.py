"""The page that invites, and the one that ends invitations."""

from civisdata.content import _
from civisdata.content.citizens.door import allow
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


allow("inviter")
offer(
    Service(
        "inviter",
        _("Invite somebody"),
        _("Tell family and friends of Civis Data, by e-mail and with a word of yours."),
        "shares",
    ),
    order=85,
)
