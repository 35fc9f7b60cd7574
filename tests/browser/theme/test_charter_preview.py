"""The panel of the charter while somebody chooses, with and without scripts."""

from civisdata.theme.charter import all_rules
from civisdata.theme.charter import Charter
from helpers.vault import server  # noqa: F401
from helpers.wcag import check
from playwright.sync_api import expect
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
import base64
import pytest


@pytest.fixture
def open_page(chromium, server):  # noqa: F811
    """Open a page as a Manager; ``page.said`` has what the console says."""
    secret = base64.b64encode(f"{SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}".encode())
    contexts = []

    def open_page(path: str, **options):
        context = chromium.new_context(
            locale="fr-FR",
            reduced_motion="reduce",
            extra_http_headers={"Authorization": f"Basic {secret.decode()}"},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.goto(f"{server}/{path}", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


def background(page, scheme: str) -> str:
    return page.locator(f"#charte-apercu [data-scheme={scheme}] .btn-primary").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )


def test_the_preview_follows_while_choosing(open_page):
    page = open_page("@@charte-controlpanel")
    assert background(page, "light") == "rgb(109, 18, 51)"
    with page.expect_response("**/@@charte-apercu.json*"):
        page.locator("#charte-primary").fill("#003366")
    expect(page.locator("#charte-annonce")).to_have_text(
        "Toutes les paires sont lisibles."
    )
    assert background(page, "light") == "rgb(0, 51, 102)"
    rules = page.locator("#charte-apercu").evaluate(
        "e => e.style.getPropertyValue('--civ-primary')"
    )
    assert rules == all_rules(Charter(primary="#003366"))["primary"]
    assert (
        page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--civ-primary')"
        )
        .strip()
        .startswith("light-dark(#6d1233")
    )


def test_a_pale_colour_is_said_before_it_is_sent(open_page):
    page = open_page("@@charte-controlpanel")
    page.locator("#charte-primary").fill("#f0a0b0")
    expect(page.locator("#charte-annonce")).to_contain_text("manquent de contraste")
    first = page.locator("#charte-contrastes tbody tr").first
    expect(first.get_by_text("Contraste insuffisant")).to_be_visible()
    expect(first.get_by_text("Lisible")).to_be_hidden()


def test_a_logo_is_seen_before_it_is_sent(open_page):
    page = open_page("@@charte-controlpanel")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    page.locator("#charte-logo").set_input_files(
        [{"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": svg}]
    )
    logo = page.locator(".civ-preview-logo").first
    assert logo.get_attribute("src").startswith("blob:")


def test_without_scripts_a_button_shows_the_preview(open_page):
    page = open_page("@@charte-controlpanel", java_script_enabled=False)
    page.locator("#charte-primary").fill("#003366")
    with page.expect_navigation():
        page.get_by_role("button", name="Voir l’aperçu").click()
    assert background(page, "light") == "rgb(0, 51, 102)"
    assert page.locator("#charte-primary").input_value() == "#003366"
    assert "pas encore enregistrées" in page.inner_text("main")
    page.goto(page.url)
    assert background(page, "light") == "rgb(109, 18, 51)"


@pytest.mark.parametrize("path", ["@@charte-controlpanel", "@@guide-de-style"])
def test_no_violation_and_nothing_is_cut_off(open_page, path):
    page = open_page(path)
    assert check(page) == {}
    assert page.locator("main [style]").count() == 0
