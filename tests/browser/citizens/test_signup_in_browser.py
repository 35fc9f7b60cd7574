"""The sign-up and an invitation in Chromium: keyboard, reload, back, WCAG, no scripts."""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens.signup.taking import confirm_token
from civisdata.content.citizens.signup.waiting import room_of
from civisdata.content.citizens.structure import get_spaces
from helpers.signup import WHO
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
from playwright.sync_api import Page
import pytest
import re
import transaction


#: The steps share their parts: each is looked at in one of the views.
NARROW, WIDE = (("light", 320),), (("dark", 1280),)


@pytest.fixture
def server(functional, portal_url, smtp_server, monkeypatch):
    monkeypatch.setattr(antirobot.objection, "__defaults__", (0,))
    smtp_server.configure(functional["portal"])
    transaction.commit()
    return portal_url


def at(page: Page, step: str) -> None:
    """Wait for a step."""
    expect(page.locator(".civ-stage-now")).to_contain_text(step)


def to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what ``selector`` finds."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        to(page, f"#{name}")
        page.keyboard.type(value)


def test_signing_up_with_the_keyboard_alone(functional, server, new_page):
    page, found = new_page(), {}
    page.goto(f"{server}/@@inscription")
    found |= check(page, NARROW)
    # Enter in a field goes on: what is missing is named, and the first field is at hand.
    fill(page, first_name="Zoé", last_name="O’Brien")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_contain_text("Date de naissance")
    assert page.evaluate("document.activeElement.id") == "birth_date"
    found |= check(page, WIDE)
    page.keyboard.type(WHO["birth_date"])
    page.locator("#email").focus()
    page.keyboard.type(WHO["email"])
    page.keyboard.press("Enter")
    at(page, "Où vous habitez")
    assert "étape 2 sur 5" in page.title()
    assert page.evaluate("document.activeElement.className") == "civ-stage-now"
    fill(page, address="3 rue du Loup", postal_code="33130", town="Bègles")
    expect(page.locator("#commune")).to_have_value("begles")
    found |= check(page, NARROW)
    # A reload, and the ways of the browser, lose nothing.
    page.reload()
    at(page, "Où vous habitez")
    expect(page.locator("#address")).to_have_value("3 rue du Loup")
    to(page, "button[value=next]")
    page.keyboard.press("Enter")
    at(page, "Services et actualités")
    page.locator("#by_email").press("Space")
    page.go_back()
    at(page, "Où vous habitez")
    expect(page.locator("#town")).to_have_value("Bègles")
    page.go_forward()
    at(page, "Services et actualités")
    expect(page.locator("#by_email")).to_be_checked()
    found |= check(page, WIDE)
    page.locator("button[value=next]").press("Enter")
    at(page, "Vos données")
    found |= check(page, NARROW)
    page.locator("#consent").press("Space")
    page.locator("button[value=next]").press("Enter")
    at(page, "Vérifier et envoyer")
    found |= check(page, WIDE)
    expect(page.locator("main")).to_contain_text("31 décembre 1980")
    page.get_by_role("button", name="Envoyer ma demande").press("Enter")
    page.wait_for_url("**/@@inscription-recue?*")
    found |= check(page, NARROW)
    transaction.begin()
    room = room_of(get_spaces(functional["portal"]))
    ((id, row),) = room.entries.items()
    # The worker has done its computation.
    assert row["marks"] == () and row["registration"]["by_email"] is True
    page.goto(f"{server}/@@confirmer-inscription?jeton={confirm_token(id)}")
    found |= check(page, WIDE)
    page.get_by_role("button", name="Confirmer mon adresse").press("Enter")
    expect(page.locator("h1")).to_have_text("Votre adresse est confirmée")
    found |= check(page, NARROW)
    assert found == {}
    # Nothing typed stays in the tab.
    page.goto(f"{server}/@@inscription")
    expect(page.locator("#first_name")).to_have_value("")


def test_an_invitation(server, citizen, new_page, smtp_server, tmp_path):
    page, found = new_page(), {}
    log_in(page, server, citizen.login, PASSWORD)
    page.goto(f"{server}/espaces/{citizen.id}")
    page.get_by_role("link", name="Inviter quelqu’un").click()
    found |= check(page, NARROW + WIDE)
    page.get_by_label("Son adresse électronique").fill("invitee@exemple.fr")
    page.get_by_label("Votre mot").fill("Viens voir https://exemple.example")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.locator("#errors")).to_contain_text("sans lien")
    found |= check(page, WIDE)
    page.screenshot(path=tmp_path / "inviter.png", full_page=True)
    page.get_by_label("Votre mot").fill("Viens voir !")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.locator("main")).to_contain_text("l’invitation est en route")
    text = smtp_server.texts_to("invitee@exemple.fr")[0]
    page.goto(re.search(r"http\S+@@ne-plus-m-inviter\S+", text).group())
    found |= check(page, NARROW)
    page.get_by_role("button", name="Ne plus recevoir d’invitations").click()
    expect(page.locator("main")).to_contain_text("vous ne recevrez plus d’invitations")
    page.context.clear_cookies()
    page.goto(re.search(r"http\S+@@inscription\?invitation\S+", text).group())
    expect(page.locator("input[name=invitation]")).to_have_count(1)
    assert found == {}
