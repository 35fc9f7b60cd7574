"""Questions to a real slapd: injection, empty passwords, closed accounts, TLS, hangs."""

from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.client import Client
from civisdata.policy.ldap.directory import Directory
from civisdata.policy.ldap.slapd import Slapd
import ldap
import pytest
import threading


LOGIN = "agent-bordeaux"
PASSWORD = f"mot de passe de {LOGIN}"


def test_a_member_is_found_with_groups(quiet_slapd):
    member = Directory(quiet_slapd.settings()).authenticate(LOGIN, PASSWORD)
    assert member.login == LOGIN
    assert member.full_name == "Agent Bordeaux"
    assert member.groups == ("agents-33063",)


def test_the_log_in_is_the_canonical_one(quiet_slapd):
    member = Directory(quiet_slapd.settings()).authenticate(LOGIN.upper(), PASSWORD)
    assert member.login == LOGIN


@pytest.mark.parametrize(
    "password", ["", "wrong", "\0", PASSWORD + "\0", PASSWORD[:-1]]
)
def test_no_other_password_opens(quiet_slapd, password):
    assert Directory(quiet_slapd.settings()).authenticate(LOGIN, password) is None


def test_the_server_of_these_tests_does_accept_empty_passwords(quiet_slapd):
    connection = ldap.initialize(quiet_slapd.uri)
    assert connection.simple_bind_s(quiet_slapd.user_dn(LOGIN), "")


@pytest.mark.parametrize(
    "login",
    [
        "*",
        "agent-bord*",
        "agent-bordeaux)(uid=*",
        "*)(objectClass=*",
        "agent-bordeaux)",
        "(agent-bordeaux",
        "agent\\2dbordeaux",
        "agent-bordeaux\0",
        "agent-bordeaux\0*",
        " agent-bordeaux",
        "agent-bordeaux ",
        "agent-bordeaux\n",
        "",
        "ａgent-bordeaux",
        f"uid=agent-bordeaux,{Slapd.users_dn}",
        "a" * 65,
    ],
)
def test_no_login_is_more_than_a_name(quiet_slapd, login):
    directory = Directory(quiet_slapd.settings())
    assert directory.find(login) is None
    assert directory.authenticate(login, PASSWORD) is None


def test_a_wildcard_matches_nobody_even_where_it_reaches_the_filter(quiet_slapd):
    directory = Directory(quiet_slapd.settings())
    with directory._connection() as connection:
        for login in ("*", "agent-bord*", "x)(uid=*"):
            assert directory._find(connection, login) is None


def test_a_closed_account_neither_logs_in_nor_is_found(slapd):
    dn = slapd.user_dn("agent-merignac")
    changes = {
        "objectClass": [b"inetOrgPerson", b"shadowAccount"],
        "shadowExpire": [b"1"],
    }
    slapd.modify(dn, [(ldap.MOD_REPLACE, *item) for item in changes.items()])
    try:
        directory = Directory(slapd.settings())
        assert directory.find("agent-merignac") is None
        password = "mot de passe de agent-merignac"
        assert directory.authenticate("agent-merignac", password) is None
    finally:
        slapd.modify(dn, [(ldap.MOD_REPLACE, "shadowExpire", [b"-1"])])
    assert directory.find("agent-merignac") is not None


def test_the_portals_own_wrong_password_is_the_directorys_failure(quiet_slapd):
    client = Client(quiet_slapd.settings(password="wrong"))
    with pytest.raises(Unavailable, match="Invalid credentials"):
        client.authenticate(LOGIN, PASSWORD)
    assert client.breaker.is_open


def test_a_wrong_staff_password_is_nobodys_failure(quiet_slapd):
    client = Client(quiet_slapd.settings())
    assert client.authenticate(LOGIN, "wrong") is None
    assert not client.breaker.is_open


@pytest.mark.parametrize("how", ["stop", "suspend"])
def test_a_directory_that_fails_is_asked_once(slapd, how):
    client = Client(slapd.settings(timeout=0.3))
    getattr(slapd, how)()
    for _ in range(20):
        with pytest.raises(Unavailable):
            client.authenticate(LOGIN, PASSWORD)
    assert client.questions == 1


@pytest.mark.parametrize("how", ["stop", "suspend"])
def test_staff_come_in_again_after_the_pause(slapd, how):
    client = Client(slapd.settings(timeout=0.3))
    client.breaker.pause = 0.2
    getattr(slapd, how)()
    with pytest.raises(Unavailable):
        client.authenticate(LOGIN, PASSWORD)
    slapd.start() if how == "stop" else slapd.resume()
    pause = threading.Event()
    for _ in range(50):
        try:
            assert client.authenticate(LOGIN, PASSWORD).login == LOGIN
            return
        except Unavailable:
            pause.wait(0.1)
    pytest.fail("the directory is up and nobody comes in")


def test_a_hang_in_the_middle_ends_as_well(slapd):
    """Frozen after our own log-in: node.ext.ldap's second connection has to end too."""
    client = Client(slapd.settings(timeout=0.3))
    directory = client.directory
    find = directory.find

    def find_then_freeze(login):
        member = find(login)
        slapd.suspend()
        return member

    directory.find = find_then_freeze
    with pytest.raises(Unavailable):
        client.authenticate(LOGIN, PASSWORD)


def test_a_hang_holds_few_threads(slapd):
    client = Client(slapd.settings(timeout=1))
    slapd.suspend()

    def ask():
        with pytest.raises(Unavailable):
            client.find(LOGIN)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.questions <= 4


def test_the_survey_counts(quiet_slapd):
    users, groups = Client(quiet_slapd.settings()).survey()
    assert users == 34
    assert groups["agents-33063"] == 1
    assert groups["cub-administrators"] == 2
