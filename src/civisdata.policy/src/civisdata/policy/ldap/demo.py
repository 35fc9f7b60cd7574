"""The staff directory of the demo: a real slapd with an agent for each commune.

``make run LDAP=demo`` starts it beside the portal. Passwords are generated when the
directory is first made, kept in it as hashes, and told once.
"""

from civisdata.content.territory.data import communes
from civisdata.policy.ldap.slapd import hashed
from civisdata.policy.ldap.slapd import ldif_entry
from civisdata.policy.ldap.slapd import Slapd
from civisdata.policy.ldap.slapd import SUFFIX
from dataclasses import dataclass
from pathlib import Path
import os
import secrets


@dataclass(frozen=True)
class Person:
    """One member of staff: LDAP ``uid``, names, and the group they are in."""

    role: str
    login: str
    given_name: str
    surname: str
    group: str


def people() -> list[Person]:
    """Return the staff of the demo: administration, webmaster, one agent a commune."""
    return [
        Person(
            "cub-administrator",
            "administration",
            "Administration",
            "CUB",
            "cub-administrators",
        ),
        Person("cub-webmaster", "webmestre", "Webmestre", "CUB", "cub-webmasters"),
        *(
            Person(
                f"agent-{commune.insee_code}",
                f"agent-{commune.slug}",
                "Agent",
                commune.name,
                f"agents-{commune.insee_code}",
            )
            for commune in communes()
        ),
    ]


def staff_ldif(
    slapd: Slapd, portal_password: str, staff: list[tuple[Person, str]]
) -> str:
    """Return the whole tree: ``staff`` are persons with their clear passwords."""
    entries = [
        ldif_entry(
            SUFFIX,
            objectClass=("dcObject", "organization"),
            dc=SUFFIX.split(",")[0].partition("=")[2],
            o="Communauté urbaine de Bordeaux (démonstration)",
        ),
        ldif_entry(
            slapd.portal_dn,
            objectClass=("applicationProcess", "simpleSecurityObject"),
            cn="portail",
            userPassword=hashed(portal_password),
        ),
    ]
    for dn in (slapd.users_dn, slapd.groups_dn):
        name = dn.split(",")[0].partition("=")[2]
        entries.append(ldif_entry(dn, objectClass="organizationalUnit", ou=name))
    groups: dict[str, list[str]] = {}
    for person, password in staff:
        dn = f"uid={person.login},{slapd.users_dn}"
        groups.setdefault(person.group, []).append(dn)
        entries.append(
            ldif_entry(
                dn,
                objectClass="inetOrgPerson",
                uid=person.login,
                cn=f"{person.given_name} {person.surname}",
                givenName=person.given_name,
                sn=person.surname,
                mail=f"{person.login}@civisdata.invalid",
                userPassword=hashed(password),
            )
        )
    for group, members in groups.items():
        entries.append(
            ldif_entry(
                f"cn={group},{slapd.groups_dn}",
                objectClass="groupOfNames",
                cn=group,
                member=members,
            )
        )
    return "\n".join(entries)


class DemoDirectory:
    """The demo's staff directory, its data below ``folder``.

    ``environment`` is what a server needs to use it; ``new_logins`` holds the made
    log-ins as ``(role, login, password)``, empty when the directory existed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.slapd = Slapd(self.folder)
        self.new_logins: list[tuple[str, str, str]] = []

    @property
    def _password_file(self) -> Path:
        return self.folder.resolve() / "portal-password"

    def _create(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        portal_password = secrets.token_urlsafe(24)
        descriptor = os.open(
            self._password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
        )
        with os.fdopen(descriptor, "w") as handle:
            handle.write(portal_password)
        staff = [(person, secrets.token_urlsafe(12)) for person in people()]
        self.slapd.create(staff_ldif(self.slapd, portal_password, staff))
        self.new_logins = [
            (person.role, person.login, password) for person, password in staff
        ]

    def start(self) -> None:
        """Make the directory on the first call ever, then run it.

        Raises ``civisdata.policy.ldap.slapd.SlapdError`` with one clear line.
        """
        if not self.slapd.made:
            self._create()
        self.slapd.start()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CIVIS_LDAP_URI": self.slapd.uri,
            "CIVIS_LDAP_BIND_DN": self.slapd.portal_dn,
            "CIVIS_LDAP_PASSWORD_FILE": str(self._password_file),
            "CIVIS_LDAP_USERS_DN": self.slapd.users_dn,
            "CIVIS_LDAP_GROUPS_DN": self.slapd.groups_dn,
            "CIVIS_LDAP_TLS": "off",
        }

    def stop(self) -> None:
        """Stop slapd; the data stays."""
        self.slapd.stop()
