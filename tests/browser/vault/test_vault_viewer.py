"""Reading page by page and searching, as a citizen does it."""

from axe_playwright_python.sync_playwright import Axe
from helpers.pdf import make_pdf
from playwright.sync_api import expect
import pytest
import re


#: Milliseconds for a page to be drawn on a machine that does much else.
WAIT = 60_000
TEXTS = [
    f"Relevé numéro {number} du compte de l’école" if number != 4 else "Œuvre d’été"
    for number in range(1, 31)
]


@pytest.fixture
def document(citizen):
    return citizen.store("Relevé annuel.pdf", make_pdf(*TEXTS))


@pytest.fixture
def read(open_page, document):
    """Open the viewer; ``read(2, width=320)`` at page 2."""

    def read(page: int = 1, width: int = 1280, **options):
        shown = open_page(viewport={"width": width, "height": 900}, **options)
        shown.goto(f"{document}/lire?page={page}")
        return shown

    return read


def at(page, number: int):
    """Wait until the page is shown."""
    viewer = page.locator("#vault-viewer")
    expect(viewer).to_have_attribute("data-shown", str(number), timeout=WAIT)


def test_pages_are_turned_and_the_address_follows(read):
    page = read()
    at(page, 1)
    page.get_by_role("button", name="Page suivante").click()
    at(page, 2)
    assert page.url.endswith("?page=2")
    expect(page.get_by_role("button", name="Page précédente")).to_be_enabled()
    number = page.get_by_role("textbox", name="Page", exact=True)
    number.fill("30")
    number.press("Enter")
    at(page, 30)
    expect(page.get_by_role("button", name="Page suivante")).to_be_disabled()
    number.fill("999")
    number.press("Enter")
    expect(number).to_have_value("30")
    page.reload()
    at(page, 30)


def test_the_keyboard_turns_and_enlarges(read):
    page = read(3)
    at(page, 3)
    stage = page.get_by_role("group", name="Document, page par page")
    stage.press("ArrowRight")
    at(page, 4)
    stage.press("PageUp")
    at(page, 3)
    stage.press("End")
    at(page, 30)
    stage.press("Home")
    at(page, 1)
    before = page.locator(".vault-sheet").bounding_box()["width"]
    stage.press("+")
    stage.press("+")
    after = page.locator(".vault-sheet").bounding_box()["width"]
    assert after == pytest.approx(1.5 * before, rel=0.02)
    # The enlarged page is drawn with more pixels.
    expect(page.locator(".vault-sheet > img")).to_have_attribute(
        "src", re.compile("large=1")
    )
    stage.press("0")
    assert page.locator(".vault-sheet").bounding_box()["width"] == before


def test_the_text_lies_over_the_image_and_is_copied(read):
    page = read(2)
    at(page, 2)
    word = page.locator(".vault-layer > span", has_text="Relevé")
    expect(word).to_be_attached(timeout=WAIT)
    image, box = page.locator(".vault-sheet > img").bounding_box(), word.bounding_box()
    # Where make_pdf writes: 72 points from the left of 595, 122 from the top of 842.
    assert box["x"] - image["x"] == pytest.approx(image["width"] * 72 / 595, abs=4)
    assert box["y"] + box["height"] - image["y"] == pytest.approx(
        image["height"] * 122 / 842, abs=15
    )
    text = page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector(".vault-layer"));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return getSelection().toString();
        }"""
    )
    assert text.strip() == "Relevé numéro 2 du compte de l’école"


def test_words_are_found_in_all_pages(read):
    page = read()
    at(page, 1)
    field = page.get_by_role("searchbox", name="Rechercher dans ce document")
    field.fill("OEUVRE d'ete")
    field.press("Enter")
    expect(
        page.get_by_text("Pages trouvées : 1".replace(" :", "\xa0:"))
    ).to_be_visible()
    at(page, 4)
    marked = page.locator(".vault-mark")
    expect(marked).to_have_text(["Œuvre ", "d’été"], timeout=WAIT)
    assert "OEUVRE" not in page.url and "uvre" not in page.url
    field.fill("numero 17")
    field.press("Enter")
    at(page, 17)
    field.fill("rien de tel")
    field.press("Enter")
    expect(page.get_by_text("Aucune page ne contient ces mots.")).to_be_visible(
        timeout=WAIT
    )


def test_small_images_lead_to_their_page(read):
    page = read()
    at(page, 1)
    page.get_by_role("button", name="Aperçu des pages").click()
    small = page.get_by_role("navigation", name="Aperçu des pages")
    expect(small.locator("img").first).to_be_visible(timeout=WAIT)
    small.get_by_role("button", name="Page 5", exact=True).click()
    at(page, 5)
    expect(small.locator("[aria-current=page]")).to_have_accessible_name("Page 5")


def test_no_request_or_script_is_refused(read):
    refused = []
    page = read()
    page.on("console", lambda message: refused.append(message.text))
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.reload()
    at(page, 1)
    expect(page.locator(".vault-layer > span").first).to_be_attached(timeout=WAIT)
    assert refused == []


def test_without_javascript_pages_texts_and_search_are_there(read):
    page = read(java_script_enabled=False)
    expect(page.get_by_alt_text("Page 2 sur 30")).to_be_visible()
    page.get_by_role("searchbox").fill("OEUVRE")
    page.get_by_role("button", name="Rechercher", exact=True).click()
    link = page.get_by_role("link", name="Page 4", exact=True)
    expect(page.locator("mark")).to_have_text("Œuvre")
    link.click()
    expect(page.get_by_alt_text("Page 4 sur 30")).to_be_visible()


def test_documents_are_found_by_title_and_text(open_page, citizen, document):
    citizen.store("Facture d’électricité.pdf", make_pdf("Montant de la consommation"))
    page = open_page()
    field = page.get_by_role("searchbox", name="Rechercher dans mes documents")
    field.fill("FACTURES consommation")
    field.press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Facture d’électricité"])
    expect(page.get_by_text("Trouvé dans le titre, dans le texte")).to_be_visible()
    assert page.url == f"{citizen.url}/@@recherche"
    image = page.locator(".vault-results img")
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 50",
        arg=image.element_handle(),
    )
    page.get_by_role("searchbox").fill("ecole numero")
    page.get_by_role("button", name="Rechercher", exact=True).click()
    page.get_by_role("link", name="Relevé annuel").click()
    at(page, 1)


def test_documents_are_found_without_javascript(open_page, document):
    page = open_page(java_script_enabled=False)
    page.get_by_role("searchbox").fill("ecole")
    page.get_by_role("button", name="Rechercher", exact=True).click()
    expect(page.get_by_role("link", name="Relevé annuel")).to_be_visible()
    page.get_by_role("searchbox").fill("girafe")
    page.get_by_role("button", name="Rechercher", exact=True).click()
    expect(
        page.get_by_text("Aucun document ne contient tous ces mots.")
    ).to_be_visible()


def test_what_takes_long_is_read_by_the_page(open_page, citizen):
    page = open_page()
    letter = {"name": "Lettre.rtf", "mimeType": "application/rtf"}
    with page.expect_response("**/@@indexer", timeout=2 * WAIT) as answer:
        page.get_by_label("Fichiers").set_input_files(
            [{**letter, "buffer": rb"{\rtf1\ansi Bonjour girafe}"}]
        )
        page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert answer.value.json() == {"left": 0, "later": False}
    page.get_by_role("searchbox").fill("girafes")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Lettre").click()
    at(page, 1)
    expect(page.locator(".vault-layer")).to_have_text("Bonjour girafe", timeout=WAIT)


@pytest.mark.parametrize("width", [320, 1280])
def test_viewer_and_results_fit_and_are_accessible(read, citizen, width):
    page = read(width=width)
    at(page, 1)
    page.get_by_role("button", name="Aperçu des pages").click()
    expect(page.locator(".vault-small img").first).to_be_visible(timeout=WAIT)
    page.get_by_role("searchbox").fill("oeuvre")
    page.get_by_role("searchbox").press("Enter")
    at(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context=".vault")
    assert found.violations_count == 0, found.generate_report()
    page.goto(f"{citizen.url}/@@recherche")
    page.get_by_role("searchbox").fill("ecole")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context=".vault")
    assert found.violations_count == 0, found.generate_report()
