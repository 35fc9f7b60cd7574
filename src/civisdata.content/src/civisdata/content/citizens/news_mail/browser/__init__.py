"""The pages of news by e-mail: the choice, the end, what came back, and the report."""

from civisdata.content import _
from civisdata.content.citizens.door import allow
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import offer_block
from civisdata.content.citizens.services import Service


allow("courriels")
offer_block("courriels-arretes", order=5)
offer(
    Service(
        "courriels",
        _("News by e-mail"),
        _("At once, once a day, once a week, or not at all."),
        "news",
    ),
    order=80,
)
