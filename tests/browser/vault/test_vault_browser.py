"""The vault as a citizen uses it."""

from axe_playwright_python.sync_playwright import Axe
from civisdata.content.vault.parts import PIECE
from helpers.pdf import make_pdf
from playwright.sync_api import expect
import pytest


PDF = make_pdf("Avis d’imposition 2026", "Deuxième page")
LARGE = {
    "name": "gros.bin",
    "mimeType": "application/octet-stream",
    "buffer": bytes(range(256)) * (PIECE // 256 * 2 + 100),
}


def a_file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def send(page, *files: dict) -> None:
    page.get_by_label("Fichiers").set_input_files(list(files))
    page.get_by_role("button", name="Enregistrer", exact=True).click()


class Held:
    """Holds the pieces of an upload from the second one on."""

    def __init__(self, page):
        self.page = page
        self.waiting = []
        self.seen = 0
        page.route("**/@@depot?*", self._handle)

    def _handle(self, route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        self.seen += 1
        if self.seen == 1:
            route.continue_()
        else:
            self.waiting.append(route)

    def wait(self):
        while not self.waiting:
            self.page.wait_for_timeout(20)
        return self.waiting.pop()


def upload(page, state: str):
    return page.locator(f".vault-upload[data-state='{state}']")


def test_a_pdf_is_stored_listed_read_and_downloaded(open_page, tmp_path):
    page = open_page()
    send(page, a_file("Avis_d_imposition.pdf", PDF))
    expect(upload(page, "done")).to_have_count(1)
    link = page.get_by_role("link", name="Avis d’imposition", exact=True)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avis d’imposition")
    for number, text in ((1, "Avis d’imposition 2026"), (2, "Deuxième page")):
        image = page.get_by_alt_text(f"Page {number} sur 2")
        expect(image).to_be_visible()
        page.wait_for_function(
            "image => image.complete && image.naturalWidth > 1000",
            arg=image.element_handle(),
        )
        expect(page.locator(".vault-layer")).to_have_text(text, timeout=20_000)
        if number == 1:
            page.get_by_role("button", name="Page suivante").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == "Avis_d_imposition.pdf"
    download.value.save_as(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == PDF


def test_progress_is_shown_piece_by_piece(open_page, citizen):
    page = open_page()
    held = Held(page)
    send(page, LARGE)
    second = held.wait()
    progress = page.get_by_role("progressbar", name="Progression de gros.bin")
    value, highest = progress.evaluate("bar => [bar.value, bar.max]")
    assert PIECE <= value < highest == len(LARGE["buffer"])
    assert citizen.listed() == []
    second.continue_()
    held.wait().continue_()
    expect(upload(page, "done")).to_have_count(1)
    expect(page.get_by_role("link", name="gros", exact=True)).to_be_visible()
    assert citizen.listed() == ["gros"]


def test_an_upload_is_cancelled(open_page, citizen):
    page = open_page()
    held = Held(page)
    send(page, LARGE)
    held.wait()
    page.get_by_role("button", name="Annuler gros.bin").click()
    expect(upload(page, "cancelled")).to_contain_text("rien n’a été enregistré")
    expect(page.get_by_text("Aucun document pour l’instant.")).to_be_visible()
    assert citizen.listed() == []


def test_a_session_that_expires_on_the_way(open_page, citizen):
    page = open_page()
    held = Held(page)
    send(page, LARGE)
    second = held.wait()
    page.context.clear_cookies()
    # The browser had put the cookie into the request that was held.
    headers = {**second.request.headers, "cookie": ""}
    second.continue_(headers=headers)
    failed = upload(page, "failed")
    expect(failed).to_contain_text("Votre session a expiré")
    link = failed.get_by_role("link", name="Se connecter de nouveau")
    assert link.get_attribute("href") == f"{citizen.base}/login"
    assert citizen.listed() == []


def test_a_lost_connection_is_taken_up_again(open_page, citizen):
    page = open_page()
    held = Held(page)
    send(page, LARGE)
    held.wait().abort("connectionreset")
    expect(upload(page, "retrying")).to_contain_text("Nouvel essai")
    held.wait().continue_()
    held.wait().continue_()
    expect(upload(page, "done")).to_have_count(1)
    url = page.get_by_role("link", name="Télécharger").first.get_attribute("href")
    assert citizen.http.get(url).content == LARGE["buffer"]


def test_several_files_and_what_is_wrong_with_some(open_page, citizen):
    page = open_page()
    send(
        page,
        a_file("un.txt", b"un"),
        a_file("vide.txt", b""),
        a_file("faux.pdf", b"<html><script>alert(1)</script>"),
        a_file("deux 🌞.txt", b"deux"),
    )
    expect(upload(page, "done")).to_have_count(2)
    expect(upload(page, "failed").nth(0)).to_contain_text("Ce fichier est vide")
    expect(upload(page, "failed").nth(1)).to_contain_text("ne correspond pas")
    # Several are on their way at a time: which ends first isn't told.
    assert sorted(citizen.listed()) == ["deux 🌞", "un"]


def test_files_are_dropped(open_page, citizen):
    page = open_page()
    transfer = page.evaluate_handle(
        """() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File(["bonjour"], "note.txt"));
            return transfer;
        }"""
    )
    page.dispatch_event("#vault-upload", "drop", {"dataTransfer": transfer})
    expect(upload(page, "done")).to_have_count(1)
    assert citizen.listed() == ["note"]


def test_without_javascript(open_page, citizen):
    page = open_page(java_script_enabled=False)
    send(page, a_file("un.txt", b"un"), a_file("deux.pdf", PDF))
    assert page.url == citizen.documents
    assert citizen.listed() == ["deux", "un"]
    page.get_by_role("link", name="deux", exact=True).click()
    expect(page.get_by_alt_text("Page 1 sur 2")).to_be_visible()
    page.get_by_role("link", name="Supprimer").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Supprimer définitivement").click()
    assert citizen.listed() == ["un"]


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_are_accessible(open_page, citizen, width):
    document = citizen.store("Avis d’imposition " + "très " * 20 + "long.pdf", PDF)
    page = open_page(viewport={"width": width, "height": 800})
    for address in (citizen.documents, f"{document}/lire", f"{document}/supprimer"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, address
        found = Axe().run(page, context=".vault")
        assert found.violations_count == 0, found.generate_report()
