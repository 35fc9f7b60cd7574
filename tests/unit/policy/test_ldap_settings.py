"""Settings of the staff directory: encrypted unless said otherwise, one line of error."""

from civisdata.policy.ldap.settings import from_environment
from civisdata.policy.ldap.settings import from_plugin
from civisdata.policy.ldap.settings import SettingsError
import pytest


MINIMUM = {
    "CIVIS_LDAP_URI": "ldap://annuaire.example",
    "CIVIS_LDAP_BIND_DN": "cn=portail,dc=x",
    "CIVIS_LDAP_PASSWORD": "secret",
    "CIVIS_LDAP_USERS_DN": "ou=u,dc=x",
    "CIVIS_LDAP_GROUPS_DN": "ou=g,dc=x",
}


def test_nothing_said_is_no_directory():
    assert from_environment({}) is None
    assert from_plugin({}) is None


@pytest.mark.parametrize(
    ("uri", "tls"),
    [("ldap://a", "start"), ("ldaps://a", "ldaps"), ("ldap://a:9", "start")],
)
def test_tls_is_on_by_default(uri, tls):
    assert from_environment(MINIMUM | {"CIVIS_LDAP_URI": uri}).tls == tls
    stored = {"server.uri": uri, "server.user": "cn=a"}
    stored |= {"users.baseDN": "ou=a", "groups.baseDN": "ou=b"}
    assert from_plugin(stored).tls == tls


@pytest.mark.parametrize(
    "change",
    [
        {"CIVIS_LDAP_URI": "http://a"},
        {"CIVIS_LDAP_URI": "ldap://"},
        {"CIVIS_LDAP_URI": "annuaire"},
        {"CIVIS_LDAP_TLS": "maybe"},
        {"CIVIS_LDAP_TLS": "ldaps"},
        {"CIVIS_LDAP_URI": "ldaps://a", "CIVIS_LDAP_TLS": "off"},
        {"CIVIS_LDAP_BIND_DN": ""},
        {"CIVIS_LDAP_USERS_DN": "people"},
        {"CIVIS_LDAP_GROUPS_DN": ""},
        {"CIVIS_LDAP_CA_FILE": "/nowhere/ca.pem"},
        {"CIVIS_LDAP_LOGIN_ATTRIBUTE": "uid)(x=*"},
        {"CIVIS_LDAP_USERS_FILTER": "objectClass=*"},
        {"CIVIS_LDAP_TIMEOUT": "soon"},
        {"CIVIS_LDAP_TIMEOUT": "600"},
        {"CIVIS_LDAP_TIMEOUT": "nan"},
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(change):
    with pytest.raises(SettingsError) as error:
        from_environment(MINIMUM | change)
    assert "\n" not in str(error.value)


def test_the_password_is_not_shown_and_never_empty(tmp_path):
    assert "secret" not in repr(from_environment(MINIMUM))
    (tmp_path / "password").write_text("from a file\n")
    file = {"CIVIS_LDAP_PASSWORD_FILE": str(tmp_path / "password")}
    assert from_environment(MINIMUM | file).read_password() == "from a file"
    for change in (
        {"CIVIS_LDAP_PASSWORD": ""},
        {"CIVIS_LDAP_PASSWORD_FILE": str(tmp_path / "missing")},
    ):
        with pytest.raises(SettingsError):
            from_environment(MINIMUM | change).read_password()
