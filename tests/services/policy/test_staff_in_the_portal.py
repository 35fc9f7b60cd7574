"""Staff of a real directory in a real portal: roles, communes, failures, traces."""

from AccessControl import getSecurityManager
from civisdata.content.citizens.guard import limiter
from civisdata.content.territory.localroles import communes_of
from civisdata.policy.ldap import client as client_module
from civisdata.policy.ldap.plugin import PREFIX
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.testing.zope import Browser
from Products.PluggableAuthService.interfaces import plugins as pas
import ldap
import pytest
import transaction


ADMINISTRATOR = "administration"
WEBMASTER = "webmestre"
AGENT = "agent-bordeaux"
OTHER_AGENT = "agent-merignac"


def password_of(login):
    return f"mot de passe de {login}"


def use(monkeypatch, server):
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def site(portal, quiet_slapd, monkeypatch):
    """The portal with the directory that runs."""
    use(monkeypatch, quiet_slapd)
    return portal


@pytest.fixture
def served(functional, slapd, monkeypatch, tmp_path):
    """The portal behind the publisher, with a directory that a test may stop."""
    use(monkeypatch, slapd)
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path))
    monkeypatch.setenv("CIVIS_LDAP_TIMEOUT", "0.3")
    return functional["portal"]


def the_client(site):
    return site.acl_users.pasldap.client()


def questions():
    client = client_module._client
    return client.questions if client is not None else 0


def log_in(site, login, password=None):
    """Authenticate as PAS does for a request with credentials; return the user."""
    users = site.acl_users
    request = site.REQUEST
    request.other.pop("civisdata.staff_login", None)
    for _, plugin in users.plugins.listPlugins(pas.IAuthenticationPlugin):
        found = plugin.authenticateCredentials(
            {"login": login, "password": password or password_of(login)}
        )
        if found:
            return users._findUser(users.plugins, found[0], found[1])
    return None


def roles_at(user, content):
    return set(user.getRolesInContext(content)) - {"Authenticated", "Member"}


PUBLISHING = {"Contributor", "Depositor", "Editor", "Reader", "Reviewer"}
AGENTS = {*PUBLISHING, "Commune Agent", "Document Requester"}


@pytest.mark.parametrize(
    ("login", "roles", "places"),
    [
        (
            ADMINISTRATOR,
            {"Staff", "CUB Administrator"},
            {"cub": {"Document Requester"}},
        ),
        (WEBMASTER, {"Staff", "CUB Webmaster"}, {"cub": PUBLISHING}),
        (
            AGENT,
            {"Staff"},
            {"communes/bordeaux": AGENTS},
        ),
        (
            OTHER_AGENT,
            {"Staff"},
            {"communes/merignac": AGENTS},
        ),
    ],
)
def test_roles_everywhere_and_by_place(site, login, roles, places):
    user = log_in(site, login)
    for path in ("", "cub", "communes", "communes/bordeaux", "communes/merignac"):
        here = site.unrestrictedTraverse(path) if path else site
        assert roles_at(user, here) == roles | places.get(path, set()), path
        if path not in ("", "communes"):
            below = here["actualites"]
            assert roles_at(user, below) == roles | places.get(path, set()), path


def test_communes_of(site):
    assert communes_of(log_in(site, AGENT)) == {"33063"}
    assert communes_of(log_in(site, ADMINISTRATOR)) == set()


ACTIONS = {
    "add": "Add portal content",
    "delete": "Delete objects",
    "edit": "Modify portal content",
    "publish": "Review portal content",
    "read draft": "View",
}


@pytest.mark.parametrize("place", ["cub", "communes/bordeaux", "communes/merignac"])
@pytest.mark.parametrize(
    ("login", "home"),
    [
        (ADMINISTRATOR, None),
        (WEBMASTER, "cub"),
        (AGENT, "communes/bordeaux"),
        (OTHER_AGENT, "communes/merignac"),
        (None, None),
    ],
)
def test_staff_edit_their_own_publishers_content_only(site, login, home, place):
    with api.env.adopt_roles(["Manager"]):
        draft = api.content.create(
            site.unrestrictedTraverse(f"{place}/actualites"), "Document", "page"
        )
    assert api.content.get_state(draft) == "draft"
    user = log_in(site, login) if login else None
    user = user or site.acl_users._createAnonymousUser(site.acl_users.plugins)
    with api.env.adopt_user(user=user):
        check = getSecurityManager().checkPermission
        allowed = {name for name, title in ACTIONS.items() if check(title, draft)}
    assert allowed == (set(ACTIONS) if place == home else set())


@pytest.mark.parametrize("commune", ["bordeaux", "33063"])
@pytest.mark.parametrize(
    ("login", "roles"),
    [
        (ADMINISTRATOR, {"Staff", "CUB Administrator"}),
        (WEBMASTER, {"Staff", "CUB Webmaster"}),
        (AGENT, {"Staff", "Commune Agent"}),
        (OTHER_AGENT, {"Staff"}),
    ],
)
def test_agents_see_the_registrations_of_their_commune_and_no_more(
    site, login, roles, commune
):
    space = site["espaces"].create_space()
    space.commune = commune
    user = log_in(site, login)
    # « Desk User » opens the desk's pages to agents of any commune, no registration.
    assert roles_at(user, space) - {"Desk User"} == roles
    with api.env.adopt_user(user=user):
        check = getSecurityManager().checkPermission
        assert bool(check("civisdata.content: View registrations", space)) == bool(
            roles & {"CUB Administrator", "Commune Agent"}
        )
        for permission in (*ACTIONS.values(), "civisdata.content: Open vault"):
            assert not check(permission, space), permission


def test_an_agent_cannot_change_what_the_commune_is(site):
    user = log_in(site, AGENT)
    commune = site["communes"]["bordeaux"]
    with api.env.adopt_user(user=user):
        check = getSecurityManager().checkPermission
        assert check("Modify portal content", commune)
        assert not check("civisdata.content: Manage communes", commune)
        assert not check("Sharing page: Delegate roles", commune)


def test_an_author_keeps_no_right_on_a_page(site):
    """Who changes commune loses the pages written for the former one."""
    user = log_in(site, AGENT)
    with api.env.adopt_user(user=user):
        page = api.content.create(
            site["communes"]["bordeaux"]["actualites"], "Document", "page"
        )
    assert page.get_local_roles() == ()


@pytest.mark.parametrize("login", [ADMINISTRATOR, WEBMASTER, AGENT])
@pytest.mark.parametrize(
    "permission",
    [
        "Add portal member",
        "Change local roles",
        "List portal members",
        "Manage portal",
        "Manage users",
        "Manage Groups",
        "Plone Site Setup: Overview",
        "Plone Site Setup: Users and Groups",
        "View management screens",
        "View Groups",
        "civisdata.content: Open vault",
        "civisdata.policy: Manage staff directory",
    ],
)
@pytest.mark.parametrize("place", ["", "communes/bordeaux", "espaces"])
def test_no_staff_has_the_powers_of_a_manager(site, login, permission, place):
    user = log_in(site, login)
    with api.env.adopt_user(user=user):
        here = site.unrestrictedTraverse(place) if place else site
        assert not getSecurityManager().checkPermission(permission, here)


def test_only_the_tables_groups_count(site):
    """An LDAP group named like Plone's own gives nothing, an account without none."""
    assert log_in(site, "double.groupe2") is None
    assert log_in(site, "personne") is None
    assert roles_at(log_in(site, "double.groupe"), site) == {
        "Staff",
        "CUB Administrator",
    }


def test_an_ldap_account_named_admin_is_not_zopes(site):
    user = log_in(site, "admin")
    assert user.getId() == f"{PREFIX}admin"
    assert "Manager" not in user.getRoles()


@pytest.mark.parametrize("password", ["", " ", None])
def test_no_password_no_staff(site, password):
    plugin = site.acl_users.pasldap
    found = plugin.authenticateCredentials({"login": AGENT, "password": password})
    assert found is None


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"id": ""},
        {"login": "agent"},
        {"login": "*"},
        {"login": "*", "exact_match": True},
        {"id": "staff:*", "exact_match": True},
        {"name": "agent"},
        {"id": "a2b3c4d5e6f7a2b3", "exact_match": True},
    ],
)
def test_staff_are_not_listed_and_ldap_is_not_asked(site, criteria):
    users = site.acl_users
    before = questions()
    found = [
        row for row in users.searchUsers(**criteria) if row["pluginid"] == "pasldap"
    ]
    assert found == []
    assert questions() == before


def test_a_stranger_makes_the_directory_answer_nothing(site):
    """A name under a page is no reason to ask: only one's own log-in is."""
    site.REQUEST.other.pop("civisdata.staff_login", None)
    before = questions()
    assert site.acl_users.getUserById(f"{PREFIX}{AGENT}") is None
    assert api.user.get(userid=f"{PREFIX}{OTHER_AGENT}") is None
    assert questions() == before


def test_a_page_of_a_known_member_asks_no_more(site):
    user = log_in(site, AGENT)
    before = questions()
    for _ in range(5):
        site.acl_users._findUser(site.acl_users.plugins, user.getId(), AGENT)
    assert questions() == before


def test_an_account_taken_out_of_its_group_is_out_after_the_memory(
    portal, slapd, monkeypatch
):
    use(monkeypatch, slapd)
    client = the_client(portal)
    user = log_in(portal, AGENT)
    group, member = slapd.group_dn("agents-33063"), slapd.user_dn(AGENT).encode()
    other = slapd.user_dn(OTHER_AGENT).encode()
    slapd.modify(group, [(ldap.MOD_REPLACE, "member", [other])])
    try:
        now = client.memory._clock()
        client.memory._clock = lambda: now + 60
        users = portal.acl_users
        assert users._verifyUser(users.plugins, user_id=user.getId()) is None
        found = users._findUser(users.plugins, user.getId(), AGENT)
        assert roles_at(found, portal["communes"]["bordeaux"]) == set()
    finally:
        slapd.modify(group, [(ldap.MOD_REPLACE, "member", [member])])


def test_a_log_in_writes_nothing(site):
    transaction.savepoint()
    user = log_in(site, AGENT)
    connection = site._p_jar
    before = {id(thing) for thing in connection._registered_objects}
    with api.env.adopt_user(user=user):
        api.portal.get_tool("portal_membership").setLoginTimes()
    changed = [
        thing for thing in connection._registered_objects if id(thing) not in before
    ]
    assert changed == []
    member = api.portal.get_tool("portal_membership").wrapUser(user)
    assert member.getProperty("fullname") == "Agent Bordeaux"
    assert member.getProperty("email") == f"{AGENT}@civisdata.invalid"
    member.setMemberProperties({"fullname": "X", "description": "Y", "location": "Z"})
    assert site.acl_users.mutable_properties._storage.get(user.getId()) is None


# In the publisher


def browser_for(site, login=None):
    browser = Browser(site.aq_parent)
    browser.handleErrors = True
    browser.raiseHttpErrors = False
    browser.addHeader("Accept-Language", "fr")
    if login:
        browser.addHeader("Authorization", f"Basic {login}:{password_of(login)}")
    return browser


def test_visitors_never_make_the_portal_ask(served):
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served["cub"]["actualites"], "Document", "page")
        page.creators = (f"{PREFIX}{WEBMASTER}",)
        api.content.transition(page, "publish")
    transaction.commit()
    browser = browser_for(served)
    browser.open(served.absolute_url())
    browser.cookies.create("__ac", "bm90IGEgdGlja2V0IGF0IGFsbCwganVzdCBub2lzZSE=")
    before = questions()
    for path in ("", "/cub/actualites/page", "/communes/bordeaux", "/@@search"):
        browser.open(served.absolute_url() + path)
        assert browser.headers["status"].startswith("200"), path
    assert questions() == before


@pytest.mark.parametrize("how", ["stop", "suspend"])
def test_a_directory_that_fails_is_told_on_the_log_in_page(served, slapd, how):
    getattr(slapd, how)()
    staff = browser_for(served, AGENT)
    staff.open(f"{served.absolute_url()}/login")
    assert "staff-directory-notice" in staff.contents
    assert "L’annuaire du personnel ne répond pas" in staff.contents
    for _ in range(5):
        staff.open(f"{served.absolute_url()}/login")
    assert questions() == 1

    visitor = browser_for(served)
    visitor.open(served["cub"].absolute_url())
    assert visitor.headers["status"].startswith("200")
    assert "staff-directory-notice" not in visitor.contents
    assert questions() == 1


def test_an_outage_shuts_nobody_out_afterwards(served, slapd):
    """Log-ins that nobody could judge are no failures for the limiter."""
    slapd.suspend()
    staff = browser_for(served, AGENT)
    for _ in range(30):
        staff.open(f"{served.absolute_url()}/login")
    slapd.resume()
    client_module.forget()
    staff.open(f"{served['communes']['bordeaux'].absolute_url()}/@@mairie")
    assert staff.url.endswith("/@@mairie")


def test_zopes_own_names_are_counted_during_an_outage(served, slapd):
    slapd.suspend()
    manager = Browser(served.aq_parent)
    manager.raiseHttpErrors = False
    for number in range(40):
        manager.addHeader("Authorization", f"Basic {SITE_OWNER_NAME}:guess{number}")
        manager.open(f"{served.absolute_url()}/login")
    addresses = ("", "127.0.0.1")
    assert any(limiter().wait(SITE_OWNER_NAME, address) for address in addresses)


def test_a_citizens_log_in_is_none_of_the_directorys(site):
    plugin = site.acl_users.pasldap
    before = questions()
    credentials = {"login": "c-7kq4m2xz", "password": "whatever"}
    assert plugin.authenticateCredentials(credentials) is None
    assert questions() == before


def test_staff_come_in_through_the_publisher(served):
    staff = browser_for(served, AGENT)
    staff.open(f"{served['communes']['bordeaux'].absolute_url()}/@@mairie")
    assert staff.headers["status"].startswith("200")
    assert staff.url.endswith("/@@mairie")
    staff.open(f"{served['communes']['merignac'].absolute_url()}/@@mairie")
    assert staff.url.endswith("/insufficient-privileges")
