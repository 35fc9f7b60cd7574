"""Citizens are known by their own session only, and can't be found or counted."""

from civisdata.content.citizens import guard
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.app.testing import TEST_USER_NAME
from plone.app.testing import TEST_USER_PASSWORD
import base64
import pytest
import transaction


CLIENT = "192.0.2.1"


def basic(login, password):
    value = base64.b64encode(f"{login}:{password}".encode()).decode()
    return {"Authorization": f"Basic {value}"}


def by_basic(visitor, login, password):
    return visitor.get("/", headers=basic(login, password))


def by_form(visitor, login, password):
    return visitor.post("/", {"__ac_name": login, "__ac_password": password})


def by_json(visitor, login, password):
    return visitor.app.post_json(
        "/",
        {"login": login, "password": password},
        headers={"Accept": "application/json"},
        status="*",
    )


def by_login_service(visitor, login, password):
    return visitor.app.post_json(
        "/@login",
        {"login": login, "password": password},
        headers={"Accept": "application/json"},
        status="*",
    )


def by_our_form(visitor, login, password):
    return visitor.log_in(login, password)


WAYS = [by_basic, by_form, by_json, by_login_service]


@pytest.fixture
def jwt(site):
    """plone.restapi's plugin, as a real portal has it."""
    from civisdata.content.citizens.setup import install_plugins
    from plone.restapi.setuphandlers import install_pas_plugin

    install_pas_plugin(site)
    install_plugins(site)
    transaction.commit()


@pytest.mark.parametrize("way", WAYS)
def test_a_citizens_password_opens_nothing_by_plones_ways(
    jwt, citizen, visitor, way, monkeypatch
):
    counted = []
    failure = guard.Limiter.failure
    monkeypatch.setattr(
        guard.Limiter,
        "failure",
        lambda self, name, client: (
            counted.append((name, client)),
            failure(self, name, client),
        ),
    )
    answer = way(visitor, citizen.login, PASSWORD)
    assert b"@@logout" not in answer.body
    assert b"token" not in answer.body or answer.status_int in (401, 404)
    assert not visitor.cookies.get("__ac") and not visitor.cookies.get("civis")
    assert counted == [(citizen.login, CLIENT)], "once, and not more"


def test_the_query_string_brings_nothing(citizen, visitor):
    visitor.get(f"/?__ac_name={TEST_USER_NAME}&__ac_password={TEST_USER_PASSWORD}")
    assert b"@@logout" not in visitor.page.body


@pytest.mark.parametrize("way", [*WAYS, by_our_form])
@pytest.mark.parametrize(
    ("login", "password"),
    [(TEST_USER_NAME, TEST_USER_PASSWORD), (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)],
)
def test_staff_are_limited_by_each_way(
    jwt, visitor, new_visitor, way, login, password, moved_clock
):
    def works(browser):
        answer = by_basic(browser, login, password)
        return b"@@logout" in answer.body

    if login == SITE_OWNER_NAME:

        def works(browser):
            answer = browser.get(
                "/communes/bordeaux/@@sharing", headers=basic(login, password)
            )
            return answer.status_int == 200

    assert works(visitor)
    for _ in range(12):
        way(visitor, login, "wrong")
        if login == SITE_OWNER_NAME and way in (by_basic, by_form, by_json):
            # The root's users are asked where the portal alone doesn't let in.
            visitor.get("/communes/bordeaux/@@sharing", headers=basic(login, "wrong"))
    assert not works(visitor), "the right password has to wait too"
    assert works(new_visitor("203.0.113.9")), "elsewhere nobody is locked out"
    moved_clock.moved = 3600
    assert works(visitor)


def test_citizens_are_limited(citizen, visitor, new_visitor, moved_clock):
    for _ in range(5):
        assert visitor.log_in(citizen.login, "wrong").status_int == 422
    assert visitor.log_in(citizen.login, PASSWORD).status_int == 422
    assert not visitor.logged_in
    elsewhere = new_visitor("203.0.113.9")
    elsewhere.log_in(citizen.login, PASSWORD)
    assert elsewhere.logged_in
    moved_clock.moved = 60
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.logged_in


def test_wrong_secrets_inside_a_session_count_too(citizen, visitor, new_visitor):
    visitor.log_in(citizen.login, PASSWORD)
    for _ in range(5):
        visitor.get(f"/espaces/{citizen.id}/@@securite")
        visitor.send("code", current_for_code="wrong")
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    page = visitor.send("code", current_for_code=PASSWORD)
    assert page.status_int == 422
    assert page.html.find(id="shown-code") is None


def same(one, other, replace) -> None:
    """Compare two answers, but for the words that differ by what was asked."""

    def bare(answer, word):
        headers = sorted((k, v) for k, v in answer.headers.items() if k != "Date")
        text = answer.text.replace(word, "ID")
        return answer.status, [(k, v.replace(word, "ID")) for k, v in headers], text

    assert bare(one, replace[0]) == bare(other, replace[1])


PATHS = (
    "",
    "/",
    "/@@securite",
    "/@@activation",
    "/@@documents",
    "/view",
    "/absolute_url",
    "/objectIds",
    "/_account",
    "/email",
    "/@@sharing",
    "/++view++mon-compte",
    "/manage_main",
    "/@@title",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["anonymous", "citizen", "manager"])
def test_another_space_is_as_absent_as_none(
    citizen, new_citizen, new_visitor, who, path
):
    other = new_citizen("Berthe")
    visitor, headers = new_visitor(), {}
    if who == "citizen":
        visitor.log_in(citizen.login, PASSWORD)
    if who == "manager":
        headers = basic(SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    unknown = "a" * 16
    pages = [
        visitor.get(f"/espaces/{name}{path}", headers=headers)
        for name in (other.id, unknown)
    ]
    assert pages[0].status_int == 404
    same(*pages, (other.id, unknown))


@pytest.mark.parametrize(
    "path",
    [
        "/++api++/espaces/{}",
        "/espaces/++item++{}",
        "/espaces/++attribute++{}",
        "/espaces/++acquire++{}",
        "/communes/espaces/{}",
        "/espaces/{}/@@securite/current",
        "/espaces/{}/espaces/{}",
        "/espaces/./{}",
        "/espaces//{}",
        "/espaces/@@view/{}",
        "/resolveuid/{}",
    ],
)
@pytest.mark.parametrize("who", ["citizen", "manager"])
def test_no_way_round_the_door(citizen, new_citizen, new_visitor, who, path):
    other = new_citizen("Berthe")
    visitor, headers = new_visitor(), {"Accept": "application/json"}
    if who == "citizen":
        visitor.log_in(citizen.login, PASSWORD)
    if who == "manager":
        headers.update(basic(SITE_OWNER_NAME, SITE_OWNER_PASSWORD))
    unknown = "a" * 16
    pages = [
        visitor.get(path.format(name, name), headers=headers)
        for name in (other.id, unknown)
    ]
    assert pages[0].status_int in (400, 401, 404)
    same(*pages, (other.id, unknown))


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PROPFIND", "MKCOL", "COPY", "LOCK"]
)
def test_webdav_finds_no_space(citizen, new_citizen, new_visitor, method):
    other = new_citizen("Berthe")
    visitor = new_visitor()
    headers = basic(SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    answers = [
        visitor.app.request(
            f"/espaces/{name}", method=method, headers=headers, status="*"
        )
        for name in (other.id, "a" * 16)
    ]
    assert answers[0].status_int >= 400
    same(*answers, (other.id, "a" * 16))


def test_an_own_space_shows_listed_names_only(citizen, visitor):
    visitor.log_in(citizen.login, PASSWORD)
    for path in PATHS[6:]:
        status = visitor.get(f"/espaces/{citizen.id}{path}").status_int
        expected = {"/@@sharing": 302, "/++view++mon-compte": 200}
        assert (path, status) == (path, expected.get(path, 404))


def test_forgotten_password_says_the_same_to_all(citizen, visitor, space_of, site):
    def answer(identifier):
        visitor.get("/@@mot-de-passe-oublie")
        return visitor.send("ask", identifier=identifier)

    email = space_of(citizen).email
    pages = [answer(x) for x in (citizen.login, "c-22222222", email, "x@example.org")]
    assert len({(page.status, page.html.find("main").decode()) for page in pages}) == 1
    assert space_of(citizen)._account.reset_hash


def test_requests_for_links_are_limited(citizen, visitor):
    for _ in range(5):
        visitor.get("/@@mot-de-passe-oublie")
        assert visitor.send("ask", identifier="c-22222222").status_int == 200
    visitor.get("/@@mot-de-passe-oublie")
    assert visitor.send("ask", identifier="c-22222222").status_int == 422


def test_nobody_lists_citizens(citizen, new_citizen, new_visitor, site):
    other = new_citizen("Berthe")
    visitor = new_visitor()
    visitor.log_in(citizen.login, PASSWORD)
    json = {"Accept": "application/json"}
    for headers in (json, {**json, **basic(SITE_OWNER_NAME, SITE_OWNER_PASSWORD)}):
        for path in (
            "/@users",
            "/@users?query=a",
            f"/@users/{other.id}",
            f"/@users/{other.login}",
            "/@principals?search=Berthe",
            "/@vocabularies/plone.app.vocabularies.Users?title=Berthe",
            "/@@pas_search/searchUsers?fullname=Berthe",
            f"/portal_membership/getMemberInfo?memberId={other.id}",
        ):
            page = visitor.get(path, headers=headers)
            for word in (other.login, "Berthe", "Duch"):
                assert word not in page.text, path
    transaction.begin()
    assert site.acl_users.getUserById(other.id) is None
    assert site.acl_users.getUser(other.login) is None
    assert site.acl_users.searchUsers(id=other.id, exact_match=True) == ()
    assert site.acl_users.searchUsers(login=other.login) == ()
    assert site.acl_users.searchUsers(name="Berthe") == ()


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/portal_membership/setPassword", {"password": NEW_PASSWORD}),
        ("/@@change-password", {"form.widgets.new_password": NEW_PASSWORD}),
        ("/@@personal-information", {"form.widgets.fullname": "x"}),
        ("/@@user-information", {"userid": "{id}", "form.widgets.fullname": "x"}),
        ("/passwordreset", {"userid": "{login}", "password": NEW_PASSWORD}),
        ("/mail_password", {"userid": "{login}"}),
        ("/acl_users/userSetPassword", {"userid": "{id}", "password": NEW_PASSWORD}),
        ("/acl_users/credentials_cookie_auth/login", {"__ac_password": PASSWORD}),
        ("/acl_users/session/refresh", {"type": "gif"}),
    ],
)
def test_every_plone_way_to_set_a_password_fails_closed(
    citizen, visitor, space_of, path, params
):
    visitor.log_in(citizen.login, PASSWORD)
    page = visitor.get(f"/espaces/{citizen.id}/@@securite")
    token = page.html.find("input", {"name": "_authenticator"})["value"]
    before = dict(space_of(citizen)._account._password)
    data = {k: v.format(id=citizen.id, login=citizen.login) for k, v in params.items()}
    visitor.post(path, {**data, "_authenticator": token})
    visitor.get(path, params=data)
    assert dict(space_of(citizen)._account._password) == before
    assert not visitor.cookies.get("__ac"), "no ticket of Plone's for a citizen"


@pytest.mark.parametrize("who", ["self", "manager"])
def test_rest_cant_change_a_citizen(citizen, visitor, space_of, who):
    visitor.log_in(citizen.login, PASSWORD)
    headers = {"Accept": "application/json"}
    if who == "manager":
        headers.update(basic(SITE_OWNER_NAME, SITE_OWNER_PASSWORD))
    before = dict(space_of(citizen)._account._password)
    for name in (citizen.id, citizen.login):
        answer = visitor.app.patch_json(
            f"/@users/{name}", {"password": NEW_PASSWORD}, headers=headers, status="*"
        )
        assert answer.status_int >= 300
        visitor.app.delete(f"/@users/{name}", headers=headers, status="*")
    answer = visitor.app.post_json(
        f"/@users/{citizen.id}/reset-password",
        {"old_password": PASSWORD, "new_password": NEW_PASSWORD},
        headers=headers,
        status="*",
    )
    assert answer.status_int >= 300
    assert dict(space_of(citizen)._account._password) == before
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.get(f"/espaces/{citizen.id}/@@securite").status_int == 200


def test_code_of_plones_cant_change_a_citizen(citizen, site, space_of):
    before = dict(space_of(citizen)._account._password)
    for call in (
        lambda: site.acl_users.userSetPassword(citizen.id, NEW_PASSWORD),
        lambda: site.acl_users._doChangeUser(citizen.id, NEW_PASSWORD, [], []),
        lambda: site.acl_users.doChangeUser(citizen.id, NEW_PASSWORD),
    ):
        with pytest.raises((RuntimeError, AttributeError, KeyError)):
            call()
    assert dict(space_of(citizen)._account._password) == before
    transaction.abort()


def test_a_ticket_of_plones_for_a_citizens_id_opens_nothing(citizen, new_visitor, site):
    """Even with the portal's signing secret the door stays shut."""
    from plone.keyring.interfaces import IKeyManager
    from plone.session import tktauth
    from zope.component import getUtility

    transaction.begin()
    secret = getUtility(IKeyManager).secret()
    ticket = tktauth.createTicket(secret=secret, userid=citizen.id)
    cookie = base64.b64encode(ticket).decode().strip()
    visitor = new_visitor()
    visitor.app.set_cookie("__ac", cookie)
    assert not visitor.logged_in
    assert visitor.get(f"/espaces/{citizen.id}").status_int == 404


def test_cookie_alone_and_store_alone_open_no_vault(citizen, visitor, site):
    visitor.log_in(citizen.login, PASSWORD)
    cookie = visitor.cookies["civis"]
    (row,) = session_service().list(citizen.id)
    stored = repr(row)
    assert cookie not in stored
    for secret in (citizen.bundle.exchange_key, citizen.bundle.vault_key):
        assert secret not in row.wrapped and secret.hex() not in stored
    session_service().end_all(citizen.id)
    assert visitor.get(f"/espaces/{citizen.id}").status_int == 404
    get_spaces(site)


def test_the_cookie_is_in_no_error_log(citizen, visitor, site, caplog):
    visitor.log_in(citizen.login, PASSWORD)
    cookie = visitor.cookies["civis"]
    visitor.get("/", headers={"X-Test": "1"})
    visitor.get(f"/espaces/{citizen.id}/@@nowhere")
    visitor.get("/@@search?b_start:int=x")
    transaction.begin()
    log = repr(site.error_log._getLog()) + caplog.text
    assert cookie not in log
