"""Trusted persons and new keys in Chromium, with the eyes of all who take part."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import registrations
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.structure import get_spaces
from helpers.people import person
from helpers.visitors import Citizen
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
import pytest
import re
import transaction


DELAY = 72 * 3600 + 60


@pytest.fixture
def friends(functional, portal_url, citizen):
    """Two more citizens with active spaces."""
    transaction.begin()
    found = []
    for name in ("Odile", "Paul"):
        space = registrations.register(
            get_spaces(functional["portal"]),
            person(first_name=name, last_name="Martin", email=f"{name}@exemple.fr"),
            with_mail=False,
        )
        login, _password = accounts.issue_first_password(space)
        bundle = activation.choose_password(space, PASSWORD, PASSWORD)
        activation.confirm_code(space, activation.new_code(space, bundle))
        found.append(Citizen(space.getId(), login))
    transaction.commit()
    return found


def open_page(page, portal_url, citizen, name, password=PASSWORD):
    """Log in, and open a page of the own space."""
    log_in(page, portal_url, citizen.login, password)
    page.goto(f"{portal_url}/espaces/{citizen.id}/{name}")


def test_trusted_persons_give_documents_back(
    citizen, friends, portal_url, new_page, functional, moved_clock
):
    mine = new_page()
    open_page(mine, portal_url, citizen, "@@securite")
    with mine.expect_navigation():
        mine.get_by_role("link", name="Personnes de confiance").click()
    assert check(mine) == {}
    mine.get_by_label("Identifiant de la personne 1").fill("Odile")
    mine.get_by_role("button", name="Désigner ces personnes").click()
    expect(mine.locator("#errors")).to_be_focused()
    assert check(mine) == {}
    for number, friend in enumerate(friends, start=1):
        field = mine.get_by_label(f"Identifiant de la personne {number}")
        field.fill(friend.login)
    mine.get_by_label("Mot de passe actuel").fill(PASSWORD)
    mine.get_by_role("button", name="Désigner ces personnes").click()
    expect(mine.get_by_text("pas encore de réponse")).to_have_count(2)
    assert check(mine) == {}

    pages = [new_page() for _friend in friends]
    for page, friend in zip(pages, friends, strict=True):
        open_page(page, portal_url, friend, "@@personnes-de-confiance")
        expect(page.get_by_text("Zoé O’Brien")).to_be_visible()
        assert check(page) == {}
        page.get_by_role("button", name="Accepter").click()
        expect(page.get_by_text("Cette personne compte sur vous")).to_be_visible()
    mine.reload()
    expect(mine.get_by_text("a accepté", exact=True)).to_have_count(2)

    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    ticket = unlocking.ask_reset(space)
    transaction.commit()
    mine.goto(f"{portal_url}/@@mot-de-passe-oublie?jeton={ticket}")
    mine.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    mine.get_by_label("Le même, encore une fois").fill(NEW_PASSWORD)
    mine.get_by_role("button", name="Enregistrer mon nouveau mot de passe").click()
    log_in(mine, portal_url, citizen.login, NEW_PASSWORD)
    assert check(mine) == {}
    with mine.expect_navigation():
        mine.get_by_role("link", name="Demander l’aide").click()
    assert check(mine) == {}
    mine.get_by_label("Mot de passe actuel").fill(NEW_PASSWORD)
    mine.get_by_role("button", name="Demander de l’aide").click()
    code = mine.locator("#call-code").inner_text()
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", code)
    assert check(mine) == {}

    pages[0].reload()
    expect(pages[0].get_by_text("Vous pourrez répondre à partir du")).to_be_visible()
    assert check(pages[0]) == {}
    moved_clock.moved = DELAY
    for page, friend in zip(pages, friends, strict=True):
        open_page(page, portal_url, friend, "@@personnes-de-confiance")
        assert check(page) == {}
        field = page.get_by_label("Code qui vous a été lu")
        field.fill("1111 1111 1111")
        page.get_by_role("button", name="C’est bien cette personne").click()
        expect(page.locator("#errors")).to_be_focused()
        field.fill(code)
        page.get_by_role("button", name="C’est bien cette personne").click()
        expect(page.get_by_text("Votre part est transmise")).to_be_visible()

    open_page(mine, portal_url, citizen, "@@demander-de-l-aide", NEW_PASSWORD)
    assert check(mine) == {}
    mine.get_by_label("Mot de passe actuel").fill(NEW_PASSWORD)
    mine.get_by_role("button", name="Déverrouiller mes documents").click()
    expect(mine.get_by_text("nouveau code de secours, pour en avoir")).to_be_visible()
    mine.goto(f"{portal_url}/espaces/{citizen.id}")
    expect(mine.locator("#vault-state")).to_have_text("Documents déverrouillés")


def test_new_keys(citizen, portal_url, new_page):
    page = new_page()
    open_page(page, portal_url, citizen, "@@securite")
    with page.expect_navigation():
        page.get_by_role("link", name="Changer mes clés").click()
    assert check(page) == {}
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Créer de nouvelles clés").click()
    code = page.locator("#shown-code").inner_text()
    assert check(page) == {}
    page.get_by_label("Code de secours").fill(code)
    page.get_by_role("button", name="J’ai le code sur papier").click()
    expect(page.get_by_text("Vos clés sont nouvelles")).to_be_visible()
    log_in(page, portal_url, citizen.login, NEW_PASSWORD)
    expect(page.locator("#vault-state")).to_have_text("Documents déverrouillés")
