"""A real slapd with staff, for all tests of the staff directory."""

from civisdata.policy.ldap import client as client_module
from civisdata.policy.ldap.demo import people
from civisdata.policy.ldap.demo import Person
from civisdata.policy.ldap.demo import staff_ldif
from civisdata.policy.ldap.settings import LdapSettings
from civisdata.policy.ldap.slapd import hashed
from civisdata.policy.ldap.slapd import Slapd
from civisdata.policy.ldap.slapd import SUFFIX
import ldap
import pytest


PORTAL_PASSWORD = "portal-secret"

ROOT_DN = f"cn=racine,{SUFFIX}"
ROOT_PASSWORD = "root-secret"

#: Accounts that a directory may hold and that must not become anything else here.
ODD_PEOPLE = (
    Person("", "admin", "Ad", "Min", "cub-webmasters"),
    Person("", "double.groupe", "Double", "Groupe", "cub-administrators"),
    Person("", "double.groupe2", "Double", "Groupe", "Administrators"),
    Person("", "personne", "Sans", "Groupe", "autres"),
)


def password_of(login: str) -> str:
    return f"mot de passe de {login}"


class Directory(Slapd):
    """The tests' slapd: it also accepts « unauthenticated » binds, as many do."""

    def settings(self, **changes) -> LdapSettings:
        values = {
            "uri": self.uri,
            "bind_dn": self.portal_dn,
            "password": PORTAL_PASSWORD,
            "users_dn": self.users_dn,
            "groups_dn": self.groups_dn,
            "tls": "off",
        }
        return LdapSettings(**(values | changes))

    def environment(self) -> dict[str, str]:
        return {
            "CIVIS_LDAP_URI": self.uri,
            "CIVIS_LDAP_BIND_DN": self.portal_dn,
            "CIVIS_LDAP_PASSWORD": PORTAL_PASSWORD,
            "CIVIS_LDAP_USERS_DN": self.users_dn,
            "CIVIS_LDAP_GROUPS_DN": self.groups_dn,
            "CIVIS_LDAP_TLS": "off",
        }

    def modify(self, dn: str, changes: list) -> None:
        connection = ldap.initialize(self.uri)
        connection.simple_bind_s(ROOT_DN, ROOT_PASSWORD)
        connection.modify_s(dn, changes)
        connection.unbind_s()

    def user_dn(self, login: str) -> str:
        return f"uid={login},{self.users_dn}"

    def group_dn(self, group: str) -> str:
        return f"cn={group},{self.groups_dn}"


@pytest.fixture(scope="session")
def slapd_server(tmp_path_factory):
    server = Directory(
        tmp_path_factory.mktemp("slapd"),
        extra="allow bind_anon_cred bind_anon_dn",
        database=f'rootdn "{ROOT_DN}"\nrootpw {hashed(ROOT_PASSWORD)}',
    )
    staff = [(person, password_of(person.login)) for person in (*people(), *ODD_PEOPLE)]
    server.create(staff_ldif(server, PORTAL_PASSWORD, staff))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def slapd(slapd_server):
    """The running server; a test may stop or freeze it."""
    client_module.forget()
    yield slapd_server
    client_module.forget()
    slapd_server.stop()
    slapd_server.start()


@pytest.fixture
def quiet_slapd(slapd_server):
    """The running server, for tests that leave it alone."""
    client_module.forget()
    yield slapd_server
    client_module.forget()
