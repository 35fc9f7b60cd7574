"""« Annuaire du personnel »: what it shows, tests and stores, and for whom."""

from civisdata.policy.roles.groups import DEFAULT_TABLE
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.testing.zope import Browser
import pytest


@pytest.fixture
def open_as(functional, quiet_slapd, monkeypatch, tmp_path):
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path))
    for name, value in quiet_slapd.environment().items():
        monkeypatch.setenv(name, value)

    def open_panel(login=None, password=None):
        browser = Browser(functional["app"])
        browser.raiseHttpErrors = False
        browser.addHeader("Accept-Language", "fr")
        if login:
            password = password or f"mot de passe de {login}"
            browser.addHeader("Authorization", f"Basic {login}:{password}")
        browser.open(f"{functional['portal'].absolute_url()}/@@ldap-annuaire")
        return browser

    return open_panel


def form_with(browser, control):
    for index in range(20):
        try:
            form = browser.getForm(index=index)
            form.getControl(name=control)
        except (LookupError, IndexError):
            continue
        return form
    raise AssertionError(control)


def press(browser, control):
    form_with(browser, control).getControl(name=control).click()


def has(browser, control):
    return f'name="{control}"' in browser.contents


@pytest.mark.parametrize("login", [None, "agent-bordeaux", "webmestre"])
def test_it_is_not_for_others(open_as, login):
    browser = open_as(login)
    assert not has(browser, "save_table")


def test_an_administrator_sees_what_is_in_force_and_no_password(open_as, quiet_slapd):
    browser = open_as("administration")
    assert quiet_slapd.uri in browser.contents
    assert quiet_slapd.portal_dn in browser.contents
    assert "portal-secret" not in browser.contents
    assert "désactivé" in browser.contents
    assert not has(browser, "save_connection")


def test_the_test_says_what_was_understood(open_as):
    browser = open_as("administration")
    press(browser, "test")
    assert "34 comptes" in browser.contents
    row = browser.contents.split('<th scope="row">agents-33063</th>')[1]
    assert "Commune Agent 33063" in row.split("</tr>")[0]
    row = browser.contents.split('<th scope="row">Administrators</th>')[1]
    assert "aucun" in row.split("</tr>")[0]


def test_the_table_is_edited_and_a_wrong_line_is_told(open_as):
    browser = open_as("administration")
    form = form_with(browser, "save_table")
    form.getControl(name="table").value += "\nmairie-talence = Commune Agent 33522"
    form.getControl(name="save_table").click()
    table = api.portal.get_registry_record("civisdata.policy.staff_groups")
    assert table == {**DEFAULT_TABLE, "mairie-talence": "Commune Agent 33522"}

    form = form_with(browser, "save_table")
    form.getControl(name="table").value = "chefs = Manager"
    form.getControl(name="save_table").click()
    assert "«\xa0Manager\xa0» n’est pas un rôle du personnel" in browser.contents
    table = api.portal.get_registry_record("civisdata.policy.staff_groups")
    assert "chefs" not in table


def test_nothing_is_stored_without_the_forms_token(open_as, functional):
    browser = open_as("administration")
    browser.post(browser.url, "save_table=1&table=chefs+%3D+CUB+Administrator")
    table = api.portal.get_registry_record("civisdata.policy.staff_groups")
    assert "chefs" not in table


def test_the_manager_sets_the_connection_where_the_environment_says_nothing(
    open_as, functional, quiet_slapd, monkeypatch
):
    for name in quiet_slapd.environment():
        monkeypatch.delenv(name)
    browser = open_as(SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    assert "Aucun annuaire" in browser.contents
    values = {
        "uri": quiet_slapd.uri,
        "bind_dn": quiet_slapd.portal_dn,
        "users_dn": quiet_slapd.users_dn,
        "groups_dn": quiet_slapd.groups_dn,
        "password": "portal-secret",
    }
    form = form_with(browser, "save_connection")
    for name, value in values.items():
        form.getControl(name=name).value = value
    form.getControl(name="tls").value = ["off"]
    form.getControl(name="save_connection").click()
    assert "La connexion est enregistrée" in browser.contents
    press(browser, "test")
    assert "34 comptes" in browser.contents
    assert "portal-secret" not in browser.contents

    # Another address does not get the stored password.
    form = form_with(browser, "save_connection")
    form.getControl(name="uri").value = "ldap://192.0.2.1"
    form.getControl(name="save_connection").click()
    assert "Le mot de passe du compte du portail manque" in browser.contents
    stored = functional["portal"].acl_users.pasldap.settings
    assert stored["server.uri"] == quiet_slapd.uri
