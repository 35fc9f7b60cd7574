"""Whose signatures stored documents may have, beside their citizens' own."""

from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.site_keys import published_keys
from civisdata.content.citizens.site_keys import trusted_keys


def publishers_keys(site) -> set[str]:
    """Return public keys (hexadecimal) of all publishers, former ones too."""
    found = {key.public for key in published_keys(site)}
    for publisher_id in publishers(site):
        found |= {public.hex() for public in trusted_keys(publisher_id)}
    return found
