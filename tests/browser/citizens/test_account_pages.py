"""The pages of accounts in Chromium: with JavaScript, by machine against WCAG 2.2 AA."""

from civisdata.content.citizens import unlocking
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
import re
import transaction


def test_the_first_day(newcomer, portal_url, new_page):
    page = new_page()
    log_in(page, portal_url, newcomer.login, newcomer.first_password)
    assert page.url.endswith(f"/espaces/{newcomer.id}/@@activation")
    assert check(page) == {}
    new = page.get_by_label("Nouveau mot de passe")
    new.fill("court")
    page.get_by_label("Le même, encore une fois").fill("court")
    page.get_by_role("button", name="Enregistrer mon mot de passe").click()
    errors = page.locator("#errors")
    expect(errors).to_be_focused()
    assert check(page) == {}
    errors.get_by_role("link", name="Nouveau mot de passe").click()
    expect(new).to_be_focused()
    new.fill(PASSWORD)
    show = page.get_by_role("button", name="Afficher").first
    show.click()
    assert new.get_attribute("type") == "text"
    page.get_by_label("Le même, encore une fois").fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer mon mot de passe").click()
    code = page.locator("#shown-code").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{5}-){5}[0-9A-Z]{5}", code)
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    assert check(page) == {}
    page.get_by_label("Code de secours").fill(code.lower())
    page.get_by_role("button", name="J’ai le code sur papier").click()
    page.wait_for_url(f"{portal_url}/espaces/{newcomer.id}")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["civis"]["httpOnly"] and cookies["civis"]["sameSite"] == "Strict"
    assert page.evaluate("document.cookie").find("civis") == -1


def test_pages_of_an_account(citizen, portal_url, new_page):
    page = new_page()
    log_in(page, portal_url, citizen.login, PASSWORD)
    page.goto(f"{portal_url}/espaces/{citizen.id}/@@securite")
    assert check(page) == {}
    expect(page.get_by_text("(celle-ci)")).to_be_visible()
    page.get_by_label("Mot de passe actuel").last.fill(PASSWORD)
    page.get_by_role("button", name="Afficher un nouveau code de secours").click()
    expect(page.locator("#shown-code")).to_be_visible()
    assert check(page) == {}
    page.goto(f"{portal_url}/@@logout")
    assert check(page) == {}
    page.locator("main").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{portal_url}/")
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()
    for name in ("@@mot-de-passe-oublie", "@@mon-espace"):
        page.goto(f"{portal_url}/{name}")
        assert check(page) == {}


def test_a_locked_vault(citizen, portal_url, new_page, functional):
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    ticket = unlocking.ask_reset(space)
    transaction.commit()
    page = new_page()
    page.goto(f"{portal_url}/@@mot-de-passe-oublie?jeton={ticket}")
    assert check(page) == {}
    expect(page.get_by_text("n’ouvre pas vos documents")).to_be_visible()
    page.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Enregistrer mon nouveau mot de passe").click()
    page.wait_for_url(f"{portal_url}/@@login")
    log_in(page, portal_url, citizen.login, NEW_PASSWORD)
    assert page.url.endswith("/@@deverrouiller")
    page.get_by_text("Je n’ai ni le code, ni l’ancien").click()
    assert check(page) == {}
    page.get_by_label("Mot de passe actuel").fill(NEW_PASSWORD)
    page.get_by_label("Code de secours").fill(citizen.code)
    page.get_by_role("button", name="Déverrouiller avec le code").click()
    page.wait_for_url(f"{portal_url}/espaces/{citizen.id}")


def test_a_link_from_another_site_goes_on(citizen, portal_url, new_page):
    page = new_page()
    log_in(page, portal_url, citizen.login, PASSWORD)
    elsewhere = portal_url.replace("127.0.0.1", "localhost")
    page.goto(f"{elsewhere}/")
    page.evaluate(
        "url => { const a = document.createElement('a'); a.href = url;"
        " document.body.append(a); a.click(); }",
        f"{portal_url}/@@mon-espace",
    )
    page.wait_for_url(f"{portal_url}/@@mon-espace")
    page.get_by_role("link", name="Continuer vers mon espace").click()
    page.wait_for_url(f"{portal_url}/espaces/{citizen.id}")


def test_the_end_of_a_session_is_announced(citizen, portal_url, new_page, moved_clock):
    page = new_page()
    page.clock.install()
    log_in(page, portal_url, citizen.login, PASSWORD)
    page.goto(f"{portal_url}/espaces/{citizen.id}/@@securite")
    warning = page.locator("#civ-session form")
    expect(page.locator("#civ-session")).to_contain_text("30 minutes")
    expect(warning).to_be_hidden()

    def pass_time(minutes):
        moved_clock.moved += minutes * 60
        page.clock.fast_forward(minutes * 60_000)

    pass_time(28.1)
    expect(warning).to_be_visible()
    assert check(page) == {}
    warning.get_by_role("button", name="Rester connecté").click()
    expect(warning).to_be_hidden()
    pass_time(28.1)
    expect(warning).to_be_visible()
    pass_time(2.5)
    expect(warning).to_be_hidden()
    expect(page.get_by_text("Votre session est fermée")).to_be_visible()
    page.get_by_role("link", name="Se connecter de nouveau").click()
    page.wait_for_url(f"{portal_url}/@@login")
