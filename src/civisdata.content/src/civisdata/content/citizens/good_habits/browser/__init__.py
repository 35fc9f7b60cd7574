"""The webmasters' page, and the block on the home page of a space."""

from civisdata.content import _
from civisdata.content.citizens.door import allow
from civisdata.content.citizens.services import offer_block


allow("bon-geste")
offer_block("bon-geste-bloc", order=60, title=_("Good habits"))
