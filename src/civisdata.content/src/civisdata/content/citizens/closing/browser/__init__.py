"""The page of closing: asks, shows the grace, takes back."""

from civisdata.content import _
from civisdata.content.citizens.door import allow
from civisdata.content.citizens.door import allow_while_closing
from civisdata.content.citizens.own_settings import LEAVING
from civisdata.content.citizens.own_settings import offer_setting


allow("fermeture")
allow_while_closing("fermeture")

offer_setting(
    "fermeture",
    LEAVING,
    _("Close my space"),
    _("What is erased, what stays, and how to take your documents with you first."),
    order=90,
)
