"""A citizen moves, closes the space and changes their mind, in Chromium, by keyboard too."""

from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
from plone import api
import pytest
import re
import transaction


@pytest.fixture
def accepted(functional, citizen):
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    transaction.commit()
    return citizen


def test_moving_closing_and_staying(accepted, functional, portal_url, new_page):
    page, space = new_page(), f"{portal_url}/espaces/{accepted.id}"
    log_in(page, portal_url, accepted.login, PASSWORD)
    page.goto(f"{space}/@@mon-compte")
    main = page.locator("main")
    with page.expect_navigation():
        main.get_by_role("link", name="Ma commune", exact=True).press("Enter")
    page.get_by_label("Numéro et rue").fill("1 rue du Palais")
    page.get_by_label("Code postal").fill("33400")
    page.get_by_label("Ville").fill("Talence")
    page.get_by_label("Commune de résidence").select_option("talence")
    with page.expect_navigation():
        main.get_by_role("button", name="Voir ce qui va se passer").click()
    expect(main).to_contain_text("Avant de passer à Talence")
    assert check(page) == {}
    with page.expect_navigation():
        main.get_by_role("button", name="Changer de commune").click()
    expect(page.get_by_role("status")).to_contain_text("rattaché à Talence")
    transaction.begin()
    stored = get_spaces(functional["portal"]).get_space(accepted.id)
    assert registration_of(stored).commune == stored.commune == "talence"

    with page.expect_navigation():
        page.locator(".civ-crumbs").get_by_role("link", name="Mon compte").click()
    with page.expect_navigation():
        main.get_by_role("link", name="Fermer mon espace").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    with page.expect_navigation():
        main.get_by_role("button", name="Fermer mon espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre espace est fermé")
    assert check(page) == {}
    page.goto(f"{space}/@@documents")
    expect(page).to_have_url(re.compile("@@fermeture$"))
    with page.expect_navigation():
        main.get_by_role("button", name="Garder mon espace").click()
    expect(page.get_by_role("status")).to_contain_text("reste ouvert")
    page.goto(f"{space}/@@documents")
    expect(page).to_have_url(re.compile("@@documents$"))
