"""What every portal has for citizens: the container of the personal spaces."""

from civisdata.content.citizens.content import Spaces
from Products.CMFPlone.Portal import PloneSite


SPACES_ID = "espaces"


def create_spaces(site: PloneSite) -> None:
    """Create ``/espaces`` in ``site``; what exists is left alone."""
    if SPACES_ID in site:
        return
    spaces = Spaces(SPACES_ID, title="Espaces personnels")
    spaces.portal_type = "Spaces"
    site._setObject(SPACES_ID, spaces, set_owner=0, suppress_events=True)
    site[SPACES_ID].notifyWorkflowCreated()


def get_spaces(site: PloneSite) -> Spaces:
    """Return the container of the personal spaces of ``site``."""
    return site._getOb(SPACES_ID)
