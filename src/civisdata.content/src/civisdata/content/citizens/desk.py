"""Who sees which registrations at the desk."""

from AccessControl import getSecurityManager
from borg.localrole.interfaces import ILocalRoleProvider
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.territory.data import communes
from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import communes_of
from collections.abc import Iterator
from zope.component import adapter
from zope.interface import implementer


DEPOSIT = "civisdata.content: Deposit"
MANAGE = "civisdata.content: Manage registrations"
USE_DESK = "civisdata.content: Use registrations desk"
VIEW = "civisdata.content: View registrations"

#: Local role on the container of spaces alone: it opens the desk, and no registration.
DESK_ROLE = "Desk User"


@implementer(ILocalRoleProvider)
@adapter(ISpaces)
class DeskRoles:
    """Agents of any commune may use the desk; what they see there is their commune's."""

    def __init__(self, context: ISpaces) -> None:
        self.groups = {agents_group(commune.insee_code) for commune in communes()}

    def getRoles(self, principal_id: str) -> tuple[str, ...]:
        return (DESK_ROLE,) if principal_id in self.groups else ()

    def getAllRoles(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for group in sorted(self.groups):
            yield group, (DESK_ROLE,)


def may_use_desk(spaces: ISpaces) -> bool:
    """Say whether the current user may open the desk."""
    return bool(getSecurityManager().checkPermission(USE_DESK, spaces))


def depositing_places(site, spaces: ISpaces) -> list:
    """Return the publishers for which the current user may deposit documents."""
    places = [site.get("cub")]
    if may_use_desk(spaces):
        # Visitors have no groups to ask for.
        codes = communes_of(getSecurityManager().getUser())
        places += [
            site["communes"].get(commune.slug)
            for commune in communes()
            if commune.insee_code in codes
        ]
    return [
        place
        for place in places
        if place is not None and getSecurityManager().checkPermission(DEPOSIT, place)
    ]


def may_manage(place) -> bool:
    """Say whether the current user may change registrations."""
    return bool(getSecurityManager().checkPermission(MANAGE, place))


def visible_communes(spaces: ISpaces) -> set[str] | None:
    """Return the slugs of the communes whose inhabitants the user sees; None: all."""
    if may_manage(spaces):
        return None
    codes = communes_of(getSecurityManager().getUser())
    return {commune.slug for commune in communes() if commune.insee_code in codes}


def visible_space(spaces: ISpaces, space_id: str) -> IPersonalSpace | None:
    """Return the space of a registration that the user may see, or None.

    A registration of another commune and an id that was never given are both None.
    """
    space = spaces.get_space(space_id)
    if space is None or not getSecurityManager().checkPermission(VIEW, space):
        return None
    visible = visible_communes(spaces)
    return space if visible is None or space.commune in visible else None
