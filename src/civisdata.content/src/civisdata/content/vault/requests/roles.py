"""Who may ask for documents: agents for their commune, administrators for the CUB.

The permission has this one local role from the start (see ``permissions.zcml``), computed
and never stored: no role of the whole portal has it, Manager included.
"""

from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.interfaces import ICub
from civisdata.content.territory.localroles import ADMINISTRATORS
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
