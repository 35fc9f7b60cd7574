"""The pages of who is logged in: WCAG by machine, 320 pixels, the keyboard."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.structure import get_spaces
from helpers.pdf import make_pdf
from helpers.people import person
from helpers.people import staff
from helpers.visitors import PASSWORD
from helpers.wcag import check
from playwright.sync_api import expect
from playwright.sync_api import Page
import json
import pytest
import subprocess
import sys
import transaction


def log_in(page: Page, url: str, login: str, password: str) -> None:
    page.goto(f"{url}/@@login")
    page.get_by_label("Identifiant").fill(login)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Se connecter", exact=True).click()


@pytest.fixture
def inside(portal_url, citizen, new_page):
    """A page of a citizen who is logged in and whose documents are open."""
    page = new_page()
    log_in(page, portal_url, citizen.login, PASSWORD)
    page.wait_for_url(f"**/espaces/{citizen.id}")
    return page


def store(page: Page, space: str, *files: tuple[str, bytes]) -> None:
    page.goto(f"{space}/@@documents")
    page.locator("#vault-file").set_input_files(
        [
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
            for name, data in files
        ]
    )
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".vault-upload[data-state=done]")).to_have_count(len(files))


def test_pages_of_a_citizen(portal_url, citizen, inside):
    space = f"{portal_url}/espaces/{citizen.id}"
    store(
        inside,
        space,
        ("Avis_d_imposition.pdf", make_pdf("Une page", "Une autre")),
        ("très long " * 20 + "nom 🌞.txt", b"Bonjour\n" * 200),
    )
    found = check(inside)
    for path in ("", "/@@documents", "/@@mon-compte", "/@@journal"):
        inside.goto(space + path)
        found |= check(inside)
    for name in ("Avis d’imposition", "très long"):
        inside.goto(f"{space}/@@documents")
        inside.get_by_role("link", name=name).first.click()
        inside.wait_for_load_state("networkidle")
        found |= check(inside)
    inside.get_by_role("link", name="Supprimer").click()
    found |= check(inside)
    inside.goto(f"{portal_url}/@@logout")
    found |= check(inside)
    assert not found, "\n".join(f"{where}: {what}" for where, what in found.items())


def test_a_journal_is_read_exported_and_verified(portal_url, citizen, inside, tmp_path):
    space = f"{portal_url}/espaces/{citizen.id}"
    store(inside, space, ("Avis_d_imposition.pdf", make_pdf("Une page", "Une autre")))
    inside.goto(f"{space}/@@documents")
    inside.get_by_role("link", name="Avis d’imposition").first.click()
    inside.wait_for_load_state("networkidle")
    inside.goto(f"{space}/@@mon-compte")
    with inside.expect_navigation():
        inside.locator("main").get_by_role("link", name="Mon journal").click()
    sentences = inside.locator("main dd").all_inner_texts()
    assert [text.replace("\xa0", " ") for text in sentences[:3]] == [
        "Vous avez lu « Avis d’imposition ».",
        "Vous avez enregistré « Avis d’imposition ».",
        "Connexion depuis Chrome, Linux.",
    ]
    expect(inside.locator("#journal-intact")).to_be_visible()
    inside.get_by_role("link", name="Documents", exact=True).click()
    expect(inside.locator("main dd")).to_have_count(2)
    inside.get_by_text("Vérifier un journal exporté").click()
    with inside.expect_download() as download:
        inside.get_by_role("link", name="Télécharger le programme").click()
    program = tmp_path / "civisdata-verify-journal.py"
    download.value.save_as(program)
    with inside.expect_download() as download:
        inside.get_by_role("button", name="Exporter le journal signé").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, file, "--language", "fr"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "Le journal est intact" in done.stdout
    fingerprint = json.loads(file.read_text().splitlines()[0])["fingerprint"]
    assert fingerprint in done.stdout
    assert fingerprint in inside.locator("main").inner_text()
    with inside.expect_download() as download:
        inside.get_by_role("button", name="Exporter un tableau").click()
    assert "Avis d’imposition" in download.value.path().read_text(encoding="utf-8-sig")
    assert check(inside) == {}


def test_header_and_places_of_a_citizen(portal_url, citizen, inside):
    """One row of header at 1280 pixels; places without the container of all spaces."""
    inside.goto(f"{portal_url}/espaces/{citizen.id}/@@documents")
    assert inside.locator(".civ-header").bounding_box()["height"] < 90
    places = inside.locator(".civ-crumbs li").all_inner_texts()
    assert [place.strip() for place in places] == [
        "Accueil",
        "Mon espace",
        "Mes documents",
    ]
    crumbs = inside.locator(".civ-crumbs").bounding_box()
    note = inside.locator(".civ-session-note").bounding_box()
    assert note["x"] >= crumbs["x"] + crumbs["width"]


def test_pages_of_the_desk(functional, portal_url, new_page):
    portal = functional["portal"]
    space = registrations.register(get_spaces(portal), person(), with_mail=False)
    password = staff("inscriptions", roles=("CUB Administrator",))
    transaction.commit()
    page = new_page()
    log_in(page, portal_url, "inscriptions", password)
    expect(page.get_by_role("link", name="Inscriptions").first).to_be_visible()
    desk = f"{portal_url}/espaces/@@registrations"
    page.goto(desk)
    found = check(page)
    page.goto(f"{portal_url}/espaces/@@registration/{space.getId()}")
    found |= check(page)
    assert not found, "\n".join(f"{where}: {what}" for where, what in found.items())


def tab_to(page: Page, selector: str, presses: int = 60) -> None:
    """Press Tab until the focus is on what ``selector`` finds, visibly."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate(
                "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
            )
            assert outline >= 2, selector
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_keyboard_alone(portal_url, citizen, new_page):
    """Log in, upload, read and log out without a mouse; the focus is always seen."""
    page = new_page()
    page.goto(f"{portal_url}/@@login")
    tab_to(page, "#login")
    page.keyboard.type(citizen.login)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/espaces/{citizen.id}")
    tab_to(page, ".civ-services a[href$='@@documents']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/@@documents", wait_until="networkidle")
    tab_to(page, "#vault-file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(
        {"name": "lettre.txt", "mimeType": "text/plain", "buffer": b"Bonjour"}
    )
    tab_to(page, "#vault-upload button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="lettre", exact=True)).to_be_visible()
    tab_to(page, ".vault-table tbody th a")
    page.keyboard.press("Enter")
    expect(page.locator(".vault-text")).to_have_text("Bonjour")
    tab_to(page, ".civ-tools a[href$='@@logout']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/@@logout")
    tab_to(page, "main button[value='log-out']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
