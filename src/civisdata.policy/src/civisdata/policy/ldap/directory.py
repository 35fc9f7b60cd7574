"""Questions to the staff directory, through node.ext.ldap's connections.

Plain Python: settings in, members out. Every failure is an ``ldap.LDAPError`` or an
``OSError``; the caller decides what a failure means.
"""

from civisdata.policy.ldap.settings import LdapSettings
from civisdata.policy.ldap.settings import SYSTEM_CA_FILE
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ldap.filter import escape_filter_chars
from node.ext.ldap.base import LDAPConnector
from node.ext.ldap.properties import LDAPServerProperties
from node.ext.ldap.session import LDAPSession
from pathlib import Path
import ldap
import logging
import re
import threading
import time


logger = logging.getLogger("civisdata.policy.ldap")

#: What a log-in of staff may look like. Nothing else reaches the directory: no
#: wildcard, parenthesis, backslash or NUL, and no e-mail address.
LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")

#: Operational and directory-specific attributes that close an account.
_STATE_ATTRIBUTES = (
    "loginDisabled",
    "nsAccountLock",
    "pwdAccountLockedTime",
    "shadowExpire",
    "userAccountControl",
)

_GROUPS = (
    "(&(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=group))"
    "(|(member={dn})(uniqueMember={dn})))"
)

_global_lock = threading.Lock()
_global_state: tuple | None = None


@dataclass(frozen=True)
class Member:
    """One person of the directory: ``login`` in lower case, and the groups' names."""

    login: str
    dn: str
    full_name: str
    email: str
    groups: tuple[str, ...]


def is_login(login: object) -> bool:
    """Say whether ``login`` may be looked up at all."""
    return isinstance(login, str) and LOGIN.fullmatch(login) is not None


def _text(attributes: Mapping[str, list[bytes]], name: str) -> str:
    values = attributes.get(name.lower()) or [b""]
    return values[0].decode("utf-8", "replace")


def is_closed(attributes: Mapping[str, list[bytes]], now: float | None = None) -> bool:
    """Say whether an account's attributes close it (``now`` in seconds since 1970).

    Names of attributes are in lower case. Known are ppolicy's permanent lock, 389's nsAccountLock, loginDisabled, Active
    Directory's flag and the expiry day of shadowAccount.
    """
    if _text(attributes, "pwdAccountLockedTime").startswith("00000101"):
        return True
    for name in ("nsAccountLock", "loginDisabled"):
        if _text(attributes, name).upper() == "TRUE":
            return True
    flags = _text(attributes, "userAccountControl")
    if flags.isdigit() and int(flags) & 2:
        return True
    day = _text(attributes, "shadowExpire")
    if day.isdigit():
        return int(day) * 86400 <= (time.time() if now is None else now)
    return False


def _set_globals(settings: LdapSettings) -> None:
    """Give libldap its timeouts and authorities when they changed.

    node.ext.ldap's authenticating connection has no timeout of its own, and it sets the
    authorities' file of the whole process at each connection, without effect once a TLS
    context exists. So both are set here, once, under a lock.
    """
    global _global_state
    ca_file = settings.ca_file or SYSTEM_CA_FILE
    changed = Path(ca_file).stat().st_mtime_ns if Path(ca_file).exists() else 0
    state = (ca_file, changed, settings.timeout, settings.tls)
    with _global_lock:
        if state == _global_state:
            return
        ldap.set_option(ldap.OPT_NETWORK_TIMEOUT, settings.timeout)
        ldap.set_option(ldap.OPT_TIMEOUT, settings.timeout)
        # A connection whose other end is gone ends by itself within half a minute.
        ldap.set_option(ldap.OPT_X_KEEPALIVE_IDLE, 15)
        ldap.set_option(ldap.OPT_X_KEEPALIVE_PROBES, 3)
        ldap.set_option(ldap.OPT_X_KEEPALIVE_INTERVAL, 5)
        if settings.tls != "off":
            ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
            ldap.set_option(ldap.OPT_X_TLS_CACERTFILE, ca_file)
            ldap.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        _global_state = state


class Directory:
    """The directory that ``settings`` describe; keeps no connection."""

    def __init__(self, settings: LdapSettings) -> None:
        self.settings = settings

    def properties(self) -> LDAPServerProperties:
        """Return what node.ext.ldap wants to know, with waits that end."""
        return LDAPServerProperties(
            uri=self.settings.uri,
            user=self.settings.bind_dn,
            password=self.settings.read_password(),
            cache=False,
            start_tls=2 if self.settings.tls == "start" else 0,
            ignore_cert=0,
            retry_max=1,
            retry_delay=0.0,
            conn_timeout=self.settings.timeout,
            op_timeout=self.settings.timeout,
        )

    @contextmanager
    def _connection(self) -> Iterator[ldap.ldapobject.LDAPObject]:
        _set_globals(self.settings)
        connector = LDAPConnector(self.properties())
        try:
            connection = connector.bind()
        except BaseException:
            # It would be unbound a second time, which node.ext.ldap logs at length.
            connector._con = None
            raise
        try:
            yield connection
        finally:
            connector.unbind()

    def _search(
        self, connection, base: str, query: str, attributes: tuple[str, ...]
    ) -> list[tuple[str, dict[str, list[bytes]]]]:
        found = connection.search_ext_s(
            base,
            ldap.SCOPE_SUBTREE,
            query,
            list(attributes),
            timeout=self.settings.timeout,
            sizelimit=0,
        )
        # Active Directory adds referrals, which have no distinguished name.
        return [
            (dn, {name.lower(): values for name, values in entry.items()})
            for dn, entry in found
            if dn is not None
        ]

    def _group_names(self, connection, dn: str) -> tuple[str, ...]:
        query = _GROUPS.format(dn=escape_filter_chars(dn))
        rows = self._search(connection, self.settings.groups_dn, query, ("cn",))
        return tuple(sorted(_text(entry, "cn") for _, entry in rows))

    def _find(self, connection, login: str) -> Member | None:
        attribute = self.settings.login_attribute
        query = (
            f"(&{self.settings.users_filter}({attribute}={escape_filter_chars(login)}))"
        )
        rows = self._search(
            connection,
            self.settings.users_dn,
            query,
            (attribute, "cn", "mail", *_STATE_ATTRIBUTES),
        )
        if len(rows) > 1:
            logger.error("The directory has %d entries for one log-in.", len(rows))
        if len(rows) != 1:
            return None
        dn, entry = rows[0]
        return self._member(connection, dn, entry, login)

    def _member(
        self, connection, dn: str, entry: dict[str, list[bytes]], login: str
    ) -> Member | None:
        values = entry.get(self.settings.login_attribute.lower(), [])
        names = {value.decode("utf-8", "replace").lower() for value in values}
        # A directory folds spaces and accents; we take the very name only.
        if login.lower() not in names or is_closed(entry):
            return None
        return Member(
            login=login.lower(),
            dn=dn,
            full_name=_text(entry, "cn") or login,
            email=_text(entry, "mail"),
            groups=self._group_names(connection, dn),
        )

    def find(self, login: str) -> Member | None:
        """Return the one open account named ``login``; None without it."""
        if not is_login(login):
            return None
        with self._connection() as connection:
            return self._find(connection, login)

    def authenticate(self, login: str, password: str) -> Member | None:
        """Return the member whose log-in and password these are; None otherwise.

        An empty password never reaches the directory: a bind with it is an
        « unauthenticated » one, which many servers answer with success.
        """
        if not password or "\0" in password:
            return None
        member = self.find(login)
        if member is None:
            return None
        session = LDAPSession(self.properties())
        return member if session.authenticate(member.dn, password) else None

    def members(self, wanted: Callable[[str], bool], most: int = 50) -> list[Member]:
        """Return the open accounts in the groups whose name is wanted, ``most`` at most."""
        attribute = self.settings.login_attribute
        found: dict[str, Member] = {}
        with self._connection() as connection:
            for dn in self._dns_in(connection, wanted)[:most]:
                try:
                    rows = self._search(
                        connection,
                        dn,
                        self.settings.users_filter,
                        (attribute, "cn", "mail", *_STATE_ATTRIBUTES),
                    )
                except (ldap.NO_SUCH_OBJECT, ldap.INVALID_DN_SYNTAX):
                    continue
                for row_dn, entry in rows[:1]:
                    login = _text(entry, attribute).lower()
                    if is_login(login) and (
                        member := self._member(connection, row_dn, entry, login)
                    ):
                        found[login] = member
        return list(found.values())

    def _dns_in(self, connection, wanted: Callable[[str], bool]) -> list[str]:
        rows = self._search(
            connection,
            self.settings.groups_dn,
            "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"
            "(objectClass=group))",
            ("cn", "member", "uniqueMember"),
        )
        dns = {
            value.decode("utf-8", "replace")
            for _dn, entry in rows
            if wanted(_text(entry, "cn"))
            for value in (*entry.get("member", ()), *entry.get("uniquemember", ()))
        }
        return sorted(dns)

    def survey(self) -> tuple[int, dict[str, int]]:
        """Return the number of accounts, and of members by name of group."""
        with self._connection() as connection:
            users = self._search(
                connection, self.settings.users_dn, self.settings.users_filter, ("1.1",)
            )
            groups = self._search(
                connection,
                self.settings.groups_dn,
                "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"
                "(objectClass=group))",
                ("cn", "member", "uniqueMember"),
            )
        return len(users), {
            _text(entry, "cn"): len(entry.get("member", []))
            + len(entry.get("uniquemember", []))
            for _, entry in groups
        }
