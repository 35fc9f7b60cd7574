"""The second step in Chromium: an app's code, and a passkey of a virtual authenticator."""

from helpers.second_factor import code
from helpers.second_factor import stop_clock
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
import pytest


#: Each page wide and narrow, dark and light, in two looks.
LOOKS = (("light", 320), ("dark", 1280))


@pytest.fixture
def site_url(portal_url):
    """The portal under a name: browsers give no passkeys to bare addresses."""
    return portal_url.replace("127.0.0.1", "localhost")


def plug_in(page) -> None:
    """Give the page's browser a security key that is touched at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )


def test_two_steps(citizen, site_url, new_page, moved_clock):
    stop_clock(moved_clock)
    page = new_page()
    log_in(page, site_url, citizen.login, PASSWORD)
    page.goto(f"{site_url}/espaces/{citizen.id}/@@mon-compte")
    with page.expect_navigation():
        page.get_by_role("link", name="Régler ma connexion en deux étapes").click()
    assert check(page, LOOKS) == {}

    with page.expect_navigation():
        page.get_by_role("link", name="Ajouter une application").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Continuer").click()
    assert check(page, LOOKS) == {}
    secret = page.locator("#app-secret").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="Activer l’application").click()
    expect(page.locator("#single-use-codes li")).to_have_count(10)
    assert check(page, LOOKS) == {}
    with page.expect_navigation():
        page.get_by_role("link", name="J’ai les codes sur papier").click()

    plug_in(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Ajouter une clé d’accès").click()
    moved_clock.moved += 30
    page.get_by_label("Nom de la clé d’accès").fill("la clé de mon trousseau")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(code(secret))
    with page.expect_navigation():
        page.get_by_role("button", name="Continuer").click()
    assert check(page, LOOKS) == {}
    page.get_by_role("button", name="Créer la clé d’accès maintenant").click()
    name = page.locator("strong").get_by_text("la clé de mon trousseau")
    expect(name).to_be_visible()
    assert check(page, LOOKS) == {}

    page.goto(f"{site_url}/@@logout")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Se déconnecter").click()
    log_in(page, site_url, citizen.login, PASSWORD)
    expect(page.get_by_role("heading", name="Deuxième étape")).to_be_visible()
    assert check(page, LOOKS) == {}
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("#vault-state")).to_have_text("Documents déverrouillés")
