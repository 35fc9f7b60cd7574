"""Pages of communes that leave or are merged."""

from civisdata.content.citizens.services import offer_block


offer_block("commune-retiree", order=1)
