"""Who may ask for documents: agents for their commune, administrators for the CUB.

The permission has this one local role from the start (see ``permissions.zcml``), computed
and never stored: no role of the whole portal has it, Manager included. As a Manager can
give any role to anybody, a page that opens copies asks ``may_request`` besides.
"""

from civisdata.content.citizens.publishers import COMMUNE
from civisdata.content.citizens.publishers import publisher_at
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.interfaces import ICub
from civisdata.content.territory.localroles import ADMINISTRATORS
from civisdata.content.territory.localroles import agents_of
from civisdata.content.territory.localroles import CommuneRoles
from civisdata.content.territory.localroles import CubRoles
from zope.component import adapter


ROLE = "Document Requester"


@adapter(ICommune)
class CommuneRequesters(CommuneRoles):
    """Agents of the commune."""

    roles = (ROLE,)


@adapter(ICub)
class CubRequesters(CubRoles):
    """Administrators of the CUB."""

    roles = (ROLE,)
    group = ADMINISTRATORS


def may_request(site, place, user) -> bool:
    """Say whether a user asks for documents, and reads copies, in the name of ``place``.

    The groups count that PAS says, whatever roles were given. ``place`` has to be the
    publisher itself: not another place of its id, nor a commune whose code was changed.
    """
    publisher = publisher_at(site, place)
    if publisher is None:
        return False
    group = ADMINISTRATORS
    if publisher.kind == COMMUNE:
        group = agents_of(publisher.id) or agents_of(place.insee_code)
    groups = getattr(user, "getGroups", tuple)()
    return bool(group) and group in groups
