"""LDAP groups to roles: the table, in plain Python.

A row says which LDAP group stands for what: ``cub-administrators`` → ``CUB
Administrator``, ``cub-webmasters`` → ``CUB Webmaster``, ``agents-{insee}`` → ``Commune
Agent`` (of the commune whose INSEE code stands in the group's name), or ``mairie-x`` →
``Commune Agent 33063`` for a group whose name says nothing.

What comes out are groups of our own, with names that nothing else in the portal can
have: an LDAP group called « Administrators » must not be Plone's.
"""

from civisdata.content import _
from civisdata.content.territory.localroles import ADMINISTRATORS
from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import INSEE_CODE
from civisdata.content.territory.localroles import WEBMASTERS
from civisdata.policy.refusals import Refusal
from collections.abc import Iterable
from collections.abc import Mapping
import re


ADMINISTRATOR_ROLE = "CUB Administrator"
WEBMASTER_ROLE = "CUB Webmaster"
AGENT_ROLE = "Commune Agent"

#: Role of all staff, whichever their group: it opens staff services, no content.
STAFF_ROLE = "Staff"

PLACEHOLDER = "{insee}"

DEFAULT_TABLE = {
    "cub-administrators": ADMINISTRATOR_ROLE,
    "cub-webmasters": WEBMASTER_ROLE,
    "agents-{insee}": AGENT_ROLE,
}

_GROUP_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,128}")


class TableError(Refusal):
    """A row of the table cannot be used; the message is one clear line."""


def check_row(pattern: str, role: str) -> None:
    """Raise ``TableError`` unless the row can be used."""
    if not _GROUP_NAME.fullmatch(pattern):
        raise TableError(
            _("${group} is not the name of a group.", mapping={"group": pattern})
        )
    at = {"group": pattern}
    name, _space, code = role.rpartition(" ")
    if role in (ADMINISTRATOR_ROLE, WEBMASTER_ROLE):
        if PLACEHOLDER in pattern:
            raise TableError(
                _("${group}: {insee} only goes with Commune Agent.", mapping=at)
            )
    elif role == AGENT_ROLE:
        if pattern.count(PLACEHOLDER) != 1:
            raise TableError(
                _("${group}: Commune Agent needs {insee}, once.", mapping=at)
            )
    elif name == AGENT_ROLE and INSEE_CODE.fullmatch(code):
        if PLACEHOLDER in pattern:
            raise TableError(_("${group} gives its commune twice.", mapping=at))
    else:
        raise TableError(_("${role} is not a role of staff.", mapping={"role": role}))


def is_row(pattern: object, role: object) -> bool:
    """Say whether a stored row can be used; one that can't gives nobody anything."""
    try:
        check_row(pattern, role)
    except (TableError, TypeError, AttributeError):
        return False
    return True


def parse_table(text: str) -> dict[str, str]:
    """Read one ``group = role`` a line; raise ``TableError`` at the first bad one."""
    table = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        pattern, separator, role = line.partition("=")
        if not separator:
            raise TableError(
                _(
                    "${line} is not of the form group = role.",
                    mapping={"line": line.strip()},
                )
            )
        pattern, role = pattern.strip(), role.strip()
        check_row(pattern, role)
        if pattern in table:
            raise TableError(
                _("${group} stands there twice.", mapping={"group": pattern})
            )
        table[pattern] = role
    return table


def format_table(table: Mapping[str, str]) -> str:
    """Return the table as ``parse_table`` reads it."""
    return "\n".join(f"{pattern} = {role}" for pattern, role in sorted(table.items()))


def _staff_group(group: str, pattern: str, role: str) -> str | None:
    if PLACEHOLDER in pattern:
        before, after = map(re.escape, pattern.split(PLACEHOLDER))
        found = re.fullmatch(
            f"{before}({INSEE_CODE.pattern}){after}", group, re.IGNORECASE
        )
        return agents_group(found.group(1).upper()) if found else None
    if group.lower() != pattern.lower():
        return None
    if role == ADMINISTRATOR_ROLE:
        return ADMINISTRATORS
    if role == WEBMASTER_ROLE:
        return WEBMASTERS
    return agents_group(role.rpartition(" ")[2])


def staff_groups(
    ldap_groups: Iterable[str], table: Mapping[str, str]
) -> tuple[str, ...]:
    """Return our groups for a member of ``ldap_groups``; empty: no staff of ours."""
    found = {
        _staff_group(group, pattern, role)
        for group in ldap_groups
        for pattern, role in table.items()
        if is_row(pattern, role)
    }
    return tuple(sorted(group for group in found if group))


def global_roles(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the roles that hold everywhere; agents have theirs by commune only."""
    groups = set(groups)
    roles = [STAFF_ROLE] if groups else []
    if ADMINISTRATORS in groups:
        roles.append(ADMINISTRATOR_ROLE)
    if WEBMASTERS in groups:
        roles.append(WEBMASTER_ROLE)
    return tuple(roles)
