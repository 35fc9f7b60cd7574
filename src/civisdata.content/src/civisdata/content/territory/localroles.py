"""Who of the staff may do what where: local roles, computed and never stored.

A member of staff belongs to groups named here; PAS says to which (the deployment maps
its directory's groups to them). An object belongs to the CUB or to a commune. Nothing is
written on content when somebody changes job.
"""

from borg.localrole.interfaces import ILocalRoleProvider
from civisdata.content.territory.data import communes
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.interfaces import ICub
from civisdata.content.territory.interfaces import IHasCommune
from collections.abc import Iterator
from functools import cache
from zope.component import adapter
from zope.interface import implementer
import re


#: Groups of staff. No group or user of Plone has a colon in its id.
ADMINISTRATORS = "cub:administrators"
WEBMASTERS = "cub:webmasters"

INSEE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")

_AGENTS = "agents:"

#: What a publisher's own staff may do below it.
PUBLISHER_ROLES = ("Contributor", "Depositor", "Editor", "Reader", "Reviewer")

AGENT_ROLE = "Commune Agent"


def agents_group(insee_code: str) -> str:
    """Return the id of the group of the agents of a commune; ValueError."""
    if INSEE_CODE.fullmatch(insee_code) is None:
        raise ValueError(f"not an INSEE code: {insee_code!r}")
    return _AGENTS + insee_code


def communes_of(user) -> set[str]:
    """Return the INSEE codes of the communes whose agent ``user`` is (a PAS user)."""
    codes = {
        group.removeprefix(_AGENTS)
        for group in user.getGroups()
        if group.startswith(_AGENTS)
    }
    return {code for code in codes if INSEE_CODE.fullmatch(code)}


@implementer(ILocalRoleProvider)
class _GroupRoles:
    """Roles of one group on one object and what lies below it."""

    roles: tuple[str, ...] = ()

    def __init__(self, context) -> None:
        self.context = context

    @property
    def group(self) -> str | None:
        raise NotImplementedError

    def getRoles(self, principal_id: str) -> tuple[str, ...]:
        return self.roles if principal_id and principal_id == self.group else ()

    def getAllRoles(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        if self.group:
            yield self.group, self.roles


@adapter(ICub)
class CubRoles(_GroupRoles):
    """Webmasters write and publish for the CUB."""

    roles = PUBLISHER_ROLES
    group = WEBMASTERS


@cache
def _codes_by_slug() -> dict[str, str]:
    return {commune.slug: commune.insee_code for commune in communes()}


def agents_of(commune: object) -> str | None:
    """Return the agents' group of a commune given by INSEE code or URL name."""
    if not isinstance(commune, str):
        return None
    code = _codes_by_slug().get(commune, commune)
    return agents_group(code) if INSEE_CODE.fullmatch(code) else None


@adapter(ICommune)
class CommuneRoles(_GroupRoles):
    """Agents write and publish for their commune."""

    roles = (AGENT_ROLE, *PUBLISHER_ROLES)

    @property
    def group(self) -> str | None:
        return agents_of(self.context.insee_code)


@adapter(IHasCommune)
class InhabitantRoles(_GroupRoles):
    """Agents are agents for what belongs to an inhabitant, too; they edit nothing."""

    roles = (AGENT_ROLE,)

    @property
    def group(self) -> str | None:
        return agents_of(self.context.commune)
