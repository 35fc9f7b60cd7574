"""Last step of the creation of a site."""

from civisdata.content.territory.structure import create_territory
from plone.distribution.core import Distribution
from Products.CMFPlone.Portal import PloneSite


def post_handler(
    distribution: Distribution, site: PloneSite, answers: dict
) -> PloneSite:
    """Create the territory, and example content where it was asked for."""
    create_territory(site)
    return site
