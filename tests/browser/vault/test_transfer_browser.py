"""Export and import as a citizen sees them, with a script, a keyboard and a narrow screen."""

from axe_playwright_python.sync_playwright import Axe
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.transfer.export import choose
from civisdata.content.vault.transfer.export import prepare
from civisdata.content.vault.transfer.sealed import to_passphrase
from playwright.sync_api import expect
import pytest
import random
import transaction


RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
#: Milliseconds that a page may take on a machine with much else to do.
SLOW = 60_000
WORDS = "girafe tambour escalier velours"


@pytest.fixture
def archive(functional, make_citizen, tmp_path):
    """The file of another citizen's archive, of two pieces, with a passphrase."""
    other = make_citizen()
    other.store("Grand.bin", random.Random(1).randbytes(PIECE + 70_000))
    other.store("Petit.txt", b"petit")
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(other.id)
    chosen = choose(get_vault(space), other.id, other.bundle)
    prepared = prepare(
        chosen,
        space._p_jar.db(),
        other.bundle,
        space_id=other.id,
        portal={"name": "Pau", "url": "https://pau.example"},
        sections={},
        translate=str,
    )
    path = tmp_path / "archive.zip.age"
    path.write_bytes(b"".join(to_passphrase(prepared, WORDS).chunks))
    return path


@pytest.fixture
def page(open_page, citizen):
    page = open_page()
    page.goto(f"{citizen.url}/@@import")
    return page


def check(page, name: str) -> None:
    """Look for what axe finds, and for what is cut off at 320 pixels."""
    assert Axe().run(page, options=RULES).response["violations"] == [], name
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0, name
    page.set_viewport_size(size)


def test_an_archive_is_sent_verified_and_imported(page, archive, citizen):
    check(page, "empty")
    failed = []

    def lose_once(route):
        if route.request.method == "PUT" and not failed:
            failed.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/@@import-depot?*", lose_once)
    page.get_by_label("Archive").set_input_files(archive)
    page.get_by_role("button", name="Envoyer l’archive").click()
    words = page.get_by_label("Phrase de passe de l’archive")
    expect(words).to_be_visible(timeout=SLOW)
    assert len(failed) == 1
    check(page, "locked")
    words.fill("autre chose")
    words.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(
        "n’ouvre pas l’archive", timeout=SLOW
    )
    check(page, "wrong")
    page.get_by_label("Phrase de passe de l’archive").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="L’archive est intacte")).to_be_visible(
        timeout=SLOW
    )
    assert citizen.listed() == []
    check(page, "ready")
    page.get_by_role("button", name="Tout importer").press("Enter")
    done = page.get_by_role("status").filter(has_text="Tout a été importé")
    expect(done).to_be_visible(timeout=SLOW)
    check(page, "done")
    assert sorted(citizen.listed()) == ["Grand", "Petit"]


def test_a_sending_that_was_left_goes_on(page, archive, citizen):
    offsets = []

    def first_only(route):
        if route.request.method == "PUT":
            offsets.append(route.request.url.rpartition("offset=")[2])
            if len(offsets) > 1:
                route.abort()
                return
        route.continue_()

    page.route("**/@@import-depot?*", first_only)
    page.get_by_label("Archive").set_input_files(archive)
    page.get_by_role("button", name="Envoyer l’archive").click()
    expect(page.locator("#import-sent")).to_contain_text(
        "La connexion a été perdue", timeout=SLOW
    )
    page.unroute("**/@@import-depot?*")
    seen = []
    page.on("request", lambda request: seen.append((request.method, request.url)))
    page.reload()
    expect(page.get_by_text("L’envoi d’une archive est en cours")).to_be_visible(
        timeout=SLOW
    )
    check(page, "receiving")
    page.get_by_label("Archive").set_input_files(
        {"name": "autre.zip", "mimeType": "application/zip", "buffer": b"PK"}
    )
    page.get_by_role("button", name="Envoyer l’archive").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "n’est pas le fichier", timeout=SLOW
    )
    page.get_by_label("Archive").set_input_files(archive)
    page.get_by_role("button", name="Envoyer l’archive").click()
    expect(page.get_by_label("Phrase de passe de l’archive")).to_be_visible(
        timeout=SLOW
    )
    sent = [url for method, url in seen if method == "PUT"]
    assert [url.rpartition("offset=")[2] for url in sent] == [str(PIECE)]


def test_pages_of_the_export(open_page, citizen):
    citizen.store("Petit.txt", b"petit")
    page = open_page()
    errors = []
    page.on("console", lambda line: errors.append(line.text))
    for name in (
        "@@export",
        "@@export?archive=zip",
        "@@export?archive=passphrase",
        "@@export?archive=authority&other=age1faux",
    ):
        page.goto(f"{citizen.url}/{name}")
        check(page, name)
    page.goto(f"{citizen.base}/@@cle-de-transfert")
    check(page, "key")
    assert [line for line in errors if "Content Security" in line] == []
