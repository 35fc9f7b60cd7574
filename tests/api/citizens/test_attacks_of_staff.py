"""What a Manager or the staff could try against citizens, and the staff's own log-in."""

from Acquisition import aq_base
from base64 import b64encode
from civisdata.content.citizens.guard import limiter
from helpers.visitors import PASSWORD
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
import base64
import pytest
import transaction


@pytest.fixture
def manager(new_visitor):
    visitor = new_visitor()
    visitor.log_in(SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    return visitor


def basic(name, password):
    return {
        "Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()
    }


CODE_PAGES = (
    "/manage_main",
    "/%6Danage_main",
    "/cub/manage_main",
    "/espaces/manage_access",
    "/manage_addProduct/PageTemplates/manage_addPageTemplateForm",
    "/acl_users/manage_main",
    "/communes/acl_users/plugins/manage_main",
    "/portal_skins/manage_main",
    "/portal_setup/manage_main",
    "/portal_view_customizations/manage_main",
    "/portal_resources/manage_main",
    "/error_log/manage_main",
    "/error_log/getLogEntries",
    "/portal_catalog/manage_main",
    "/@@theming-controlpanel",
    "/++theme++barceloneta/@@theming-controlpanel-mapper",
    "/@@resourceregistry-controlpanel",
)


@pytest.mark.parametrize("path", CODE_PAGES)
def test_a_manager_changes_no_code_of_the_running_portal(manager, path, monkeypatch):
    assert manager.get(path).status_int == 404
    assert manager.get("/@@overview-controlpanel").status_int == 200


def test_the_server_can_be_started_with_the_management_interface(manager, monkeypatch):
    monkeypatch.setenv("CIVIS_ZMI", "1")
    assert manager.get("/manage_main").status_int == 200


def test_the_cookie_of_a_manager_is_not_the_password(new_visitor):
    visitor = new_visitor()
    visitor.get("/@@login")
    form = (
        visitor.page.forms["login-form"]
        if "login-form" in visitor.page.forms
        else (next(f for f in visitor.page.forms.values() if "password" in f.fields))
    )
    form["login"], form["password"] = SITE_OWNER_NAME, SITE_OWNER_PASSWORD
    answer = form.submit("action", value="log-in", status=303)
    (cookie,) = [
        value
        for value in answer.headers.getall("Set-Cookie")
        if value.startswith("__ac=") and "deleted" not in value
    ]
    value = cookie.partition(";")[0].removeprefix("__ac=").strip('"')
    opened = base64.b64decode(value.replace("%3D", "=") + "==").decode("latin-1")
    for clear in (SITE_OWNER_PASSWORD, SITE_OWNER_PASSWORD.encode().hex()):
        assert clear not in value
        assert clear not in opened
    assert "; HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    visitor.page = answer
    visitor.follow()
    assert visitor.get("/@@overview-controlpanel").status_int == 200


def test_a_right_password_without_the_right_is_no_failure(site, new_visitor):
    """PAS asks the Zope root's users next, who do not know the name."""
    site.acl_users.userFolderAddUser("jean", "vernis-tortue-plume-7", ["Member"], [])
    transaction.commit()
    visitor = new_visitor("192.0.2.77")
    headers = basic("jean", "vernis-tortue-plume-7")
    for _ in range(7):
        assert visitor.get("/@@overview-controlpanel", headers=headers).status_int > 299
    assert limiter().wait("jean", "192.0.2.77") == 0
    for _ in range(7):
        visitor.get("/@@overview-controlpanel", headers=basic("jean", "wrong"))
    assert limiter().wait("jean", "192.0.2.77") > 0


@pytest.fixture
def error_entries(site):
    """Entries of the error log, which the layer doesn't have by itself."""
    from Products.SiteErrorLog import SiteErrorLog
    from zope.component import getGlobalSiteManager

    site.__error_log__ = aq_base(site.error_log)
    transaction.commit()
    components = getGlobalSiteManager()
    missing = not any(
        registration.handler is SiteErrorLog.IPubFailureSubscriber
        for registration in components.registeredHandlers()
    )
    if missing:
        components.registerHandler(SiteErrorLog.IPubFailureSubscriber)
    SiteErrorLog.temp_logs.clear()
    SiteErrorLog._rate_restrict_pool.clear()
    yield lambda: [e for log in SiteErrorLog.temp_logs.values() for e in log]
    SiteErrorLog.temp_logs.clear()
    if missing:
        components.unregisterHandler(SiteErrorLog.IPubFailureSubscriber)


def test_the_error_log_keeps_nothing_that_a_citizen_sent(
    new_visitor, citizen, error_entries, caplog, monkeypatch
):
    """Zope keeps the whole request, and knows passwords by the letters « passw »."""
    from civisdata.content.citizens import accounts

    def broken(space, current, new, *rest):
        raise ValueError(f"can't take {new}")

    monkeypatch.setattr(accounts, "change_password", broken)
    visitor = new_visitor()
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    words = {"current": PASSWORD, "new": "aubergine-sextant", "repeated": "aubergine"}
    assert visitor.send("password", **words).status_int == 500
    (entry,) = error_entries()
    kept = repr(entry) + caplog.text
    assert "my_account.py" in kept
    assert "ValueError" in kept
    for word in (PASSWORD, "aubergine", *visitor.cookies.values()):
        assert word not in kept


def test_the_error_log_names_no_document(
    new_visitor, citizen, error_entries, caplog, monkeypatch
):
    """Chameleon's messages list the variables of a template."""
    from civisdata.content.vault.browser import documents

    def broken(self):
        raise RuntimeError("passeport de Colette")

    monkeypatch.setattr(documents.Documents, "respond", broken)
    visitor = new_visitor()
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.get(f"/espaces/{citizen.id}/@@documents").status_int == 500
    assert b"Colette" not in visitor.page.body.partition(b"<main")[2]
    (entry,) = error_entries()
    assert "documents.py" not in entry["value"]
    assert "Colette" not in repr(entry) + caplog.text


def test_a_stolen_session_tries_no_passwords_at_will(new_visitor, citizen, moved_clock):
    """The page for passwords that are too old asks for the current one."""
    moved_clock.moved = 400 * 86400
    thief = new_visitor("192.0.2.79")
    thief.log_in(citizen.login, PASSWORD)
    assert thief.path.endswith("/@@nouveau-mot-de-passe")
    new = "brouette mandarine sifflet"
    for n in range(6):
        thief.get(f"/espaces/{citizen.id}/@@nouveau-mot-de-passe")
        form = next(f for f in thief.page.forms.values() if "repeated" in f.fields)
        form["current"], form["new"], form["repeated"] = f"guess {n}", new, new
        thief.page = form.submit("action", index=0, status=422)
    assert limiter().wait(citizen.login, "192.0.2.79") > 0
