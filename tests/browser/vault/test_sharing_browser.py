"""Two citizens share a document, in Chromium."""

from axe_playwright_python.sync_playwright import Axe
from base64 import b64encode
from civisdata.content.territory.localroles import agents_group
from civisdata.content.vault.parts import PIECE
from helpers.pdf import make_pdf
from helpers.people import staff
from helpers.vault import Citizen
from helpers.vault import share_folder
from helpers.vault import shared_folder_of
from playwright.sync_api import expect
import os
import pytest
import transaction


PDF = make_pdf("Bail 2026")
VIEWS = ("partager", "partages", "partages-recus", "qui-voit-quoi", "demandes")


@pytest.fixture
def browse(chromium):
    """Open a page of a citizen's space in a context of its own."""
    contexts = []

    def browse(person: Citizen, view: str, **options):
        context = chromium.new_context(locale="fr-FR", **options)
        contexts.append(context)
        for cookie in person.http.cookies:
            context.add_cookies(
                [{"name": cookie.name, "value": cookie.value, "url": person.base}]
            )
        page = context.new_page()
        page.goto(f"{person.url}/@@{view}")
        return page

    yield browse
    for context in contexts:
        context.close()


def shot(page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


def check(page) -> None:
    """No fault that axe finds, nothing wider than the window."""
    found = Axe().run(page, context="main")
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0


def test_a_document_is_shared_read_and_taken_back(browse, make_citizen):
    owner, friend = make_citizen(), make_citizen()
    owner.store("Bail_du_logement.pdf", PDF)
    page = browse(owner, "documents", java_script_enabled=False)
    page.get_by_role("link", name="Partager Bail du logement").click()
    page.get_by_label("Avec qui").fill(friend.login)
    page.get_by_label("Jusqu’à quel jour").fill("2031-12-31")
    page.get_by_label("Un mot").fill("Le bail signé")
    shot(page, "offer")
    page.get_by_role("button", name="Proposer ce partage").click()
    expect(page.get_by_text("Votre proposition est partie")).to_be_visible()
    other = browse(friend, "partages-recus", java_script_enabled=False)
    expect(other.get_by_text("Le bail signé")).to_be_visible()
    shot(other, "received-waiting")
    other.get_by_role("button", name="Accepter : Bail du logement").click()
    other.get_by_role("link", name="Bail du logement").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Bail du logement")
    expect(other.get_by_role("link", name="Supprimer")).to_have_count(0)
    shot(other, "shared-read")
    page.reload()
    expect(page.get_by_text("Accepté par cette personne")).to_be_visible()
    expect(page.get_by_text(friend.bundle.fingerprint)).to_be_visible()
    page.get_by_role("button", name="Arrêter ce partage").click()
    expect(page.get_by_text("Le partage a pris fin")).to_be_visible()
    shot(page, "given-ended")
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_contain_text("n’existe pas")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_for_everybody(browse, make_citizen, chromium, width):
    owner, friend = make_citizen(), make_citizen()
    password = staff("agent", roles=("Staff",), group=agents_group("33063"))
    transaction.commit()
    credentials = b64encode(f"agent:{password}".encode()).decode()
    context = chromium.new_context(
        locale="fr-FR",
        viewport={"width": width, "height": 800},
        extra_http_headers={"Authorization": f"Basic {credentials}"},
    )
    page = context.new_page()
    page.goto(f"{owner.base}/communes/bordeaux/@@demandes-de-documents")
    shot(page, f"asking-empty-{width}")
    page.get_by_label("À qui").fill(owner.login)
    page.get_by_label("De quel document").fill("Justificatif de domicile")
    page.get_by_label("Pour quoi en avez-vous").fill("Inscription à l’école")
    page.get_by_role("button", name="Envoyer la demande").click()
    page.wait_for_load_state()
    shot(page, f"asking-{width}")
    check(page)
    context.close()
    document = owner.store("Bail_du_logement.pdf", PDF).rpartition("/")[2]
    page = browse(
        owner,
        f"partager?document={document}",
        viewport={"width": width, "height": 800},
    )
    page.get_by_label("Avec qui").fill(friend.login)
    page.get_by_role("button", name="Proposer ce partage").click()
    for person in (owner, friend):
        for view in VIEWS:
            page = browse(person, view, viewport={"width": width, "height": 800})
            shot(page, f"{view}-{'owner' if person is owner else 'friend'}-{width}")
            check(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_recipient_adds_large_and_small_files(
    browse, make_citizen, functional, width
):
    owner, friend = make_citizen(), make_citizen()
    received, _document = share_folder(functional["portal"], owner, friend)
    page = browse(
        friend,
        f"partages-recus/{received}",
        viewport={"width": width, "height": 900},
    )
    large = bytes(range(256)) * (PIECE // 256 + 10)
    files = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in (("un.txt", b"un"), ("gros.bin", large), ("vide.txt", b""))
    ]
    page.get_by_label("Fichiers").set_input_files(files)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    done = page.locator(".vault-upload[data-state='done']")
    expect(done).to_have_count(2, timeout=30_000)
    expect(page.locator(".vault-upload[data-state='failed']")).to_contain_text("vide")
    expect(page.get_by_role("link", name="gros", exact=True)).to_be_visible()
    shot(page, f"shared-add-{width}")
    check(page)
    url = page.get_by_role("link", name="Télécharger gros").get_attribute("href")
    assert friend.http.get(url).content == large
    folder = shared_folder_of(friend, received)
    assert sorted(owner.listed(folder)) == ["Partagé", "gros", "un"]
