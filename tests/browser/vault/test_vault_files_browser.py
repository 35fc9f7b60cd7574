"""The file manager as a citizen uses it: folders, dragging, keyboard, going on."""

from axe_playwright_python.sync_playwright import Axe
from civisdata.content.vault.parts import PIECE
from helpers.pdf import make_pdf
from pathlib import Path
from PIL import Image
from playwright.sync_api import expect
import pytest
import re


@pytest.fixture
def folder_on_disk(tmp_path) -> Path:
    """Voiture/{carte grise, Assurance/{2025, 2026}, Vide/}."""
    car = tmp_path / "Voiture"
    (car / "Assurance").mkdir(parents=True)
    (car / "Vide").mkdir()
    (car / "carte grise.txt").write_text("AB-123-CD")
    for year in ("2025", "2026"):
        (car / "Assurance" / f"{year}.txt").write_text(year)
    return car


def stored(page, count: int) -> None:
    expect(page.locator(".vault-upload[data-state='done']")).to_have_count(count)


def ready(page) -> None:
    """Wait for the scripts of a page that a link led to."""
    expect(page.locator("#files-all")).to_be_visible()


def titles(page) -> list[str]:
    return page.locator("tr.files-item .files-name a").all_inner_texts()


def drop(page, selector: str, *paths: Path) -> None:
    """Drop files and folders of the disk, as the desktop does."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    devtools = page.context.new_cdp_session(page)
    data = {
        "items": [],
        "files": [str(path) for path in paths],
        "dragOperationsMask": 1,
    }
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send(
            "Input.dispatchDragEvent",
            {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": data},
        )


def test_a_folder_is_dropped_with_all_that_lies_in_it(
    open_page, citizen, folder_on_disk
):
    page = open_page()
    drop(page, "#vault-upload", folder_on_disk)
    stored(page, 3)
    expect(page.locator("#vault-summary")).to_have_text("3 sur 3 documents enregistrés")
    page.get_by_role("link", name="Voiture", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voiture")
    assert sorted(titles(page)) == ["Assurance", "Vide", "carte grise"]
    page.get_by_role("link", name="Assurance", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assurance")
    assert sorted(titles(page)) == ["2025", "2026"]
    path = page.get_by_role("navigation", name="Dossiers")
    path.get_by_role("link", name="Voiture").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voiture")


def test_a_whole_folder_is_chosen_without_dragging(open_page, folder_on_disk):
    page = open_page()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Tout un dossier").click()
    chooser.value.set_files(folder_on_disk)
    stored(page, 3)
    page.get_by_role("link", name="Voiture", exact=True).click()
    expect(page.get_by_role("link", name="carte grise", exact=True)).to_be_visible()


def test_files_are_dropped_onto_a_folder_of_the_list(open_page, citizen, tmp_path):
    home = citizen.make_folder("Maison")
    (tmp_path / "bail.txt").write_text("x")
    page = open_page()
    drop(page, f"tr[data-id='{home}']", tmp_path / "bail.txt")
    stored(page, 1)
    expect(page.locator("tr.files-folder")).to_contain_text("1 élément")


def test_an_upload_goes_on_after_the_page_was_loaded_again(
    open_page, citizen, tmp_path
):
    data = bytes(range(256)) * (PIECE // 256 * 2 + 100)
    file = tmp_path / "gros.bin"
    file.write_bytes(data)
    page = open_page()
    held = []

    def hold_the_second(route):
        if "offset=" in route.request.url and "offset=0" not in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/@@depot?*", hold_the_second)
    page.get_by_label("Fichiers").set_input_files(file)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    while not held:
        page.wait_for_timeout(20)
    # The page is left: what was held is never sent.
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/@@depot?*")
    expect(page.get_by_role("heading", name="Envois interrompus")).to_be_visible()
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request.url) if request.method == "PUT" else None,
    )
    page.get_by_label("Fichiers").set_input_files(file)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    stored(page, 1)
    assert [int(re.search(r"offset=(\d+)", url)[1]) for url in sent] == [
        PIECE,
        2 * PIECE,
    ]
    link = page.get_by_role("link", name="Télécharger gros")
    assert citizen.http.get(link.get_attribute("href")).content == data


def test_many_files_keep_the_page_short(open_page, citizen, tmp_path):
    many = tmp_path / "Beaucoup"
    many.mkdir()
    for number in range(60):
        (many / f"{number}.txt").write_text("x" if number != 30 else "")
    page = open_page()
    drop(page, "#vault-upload", many)
    summary = page.locator("#vault-summary")
    expect(summary).to_contain_text("59 sur 60 documents enregistrés", timeout=120_000)
    expect(summary).to_contain_text("1 non enregistrés")
    assert page.locator(".vault-upload").count() <= 13
    expect(page.locator(".vault-upload[data-state='failed']")).to_contain_text("30.txt")
    expect(page.locator("tr.files-folder")).to_contain_text("59 éléments")
    # Dropped again, as after a page that was closed half-way: nothing is stored twice.
    page.reload()
    drop(page, "#vault-upload", many)
    expect(summary).to_contain_text("59 étaient déjà présents", timeout=60_000)
    expect(summary).to_contain_text("0 sur 60 documents enregistrés")
    expect(page.locator("tr.files-folder")).to_contain_text("59 éléments")


def test_many_files_take_few_requests(open_page, citizen, tmp_path):
    many = tmp_path / "Beaucoup"
    many.mkdir()
    for number in range(100):
        (many / f"{number}.txt").write_text(f"numéro {number}")
    page = open_page()
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request) if "@@depot" in request.url else None,
    )
    drop(page, "#vault-upload", many)
    summary = page.locator("#vault-summary")
    expect(summary).to_have_text("100 sur 100 documents enregistrés", timeout=60_000)
    assert len(sent) < 20


def test_files_wait_for_a_session_and_go_on(open_page, citizen, tmp_path):
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(f"numéro {number}")
    page = open_page()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Fichiers").set_input_files(sorted(tmp_path.glob("*.txt")))
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    halted = page.locator("#vault-halted")
    expect(halted).to_contain_text("Votre session a expiré")
    expect(halted.get_by_role("link", name="Se connecter de nouveau")).to_be_visible()
    assert citizen.listed() == []
    page.context.add_cookies(cookies)
    halted.get_by_role("button", name="Envoyer la suite").click()
    expect(page.locator("#vault-summary")).to_contain_text(
        re.compile(r"(39|40) sur 40 documents enregistrés"), timeout=60_000
    )
    expect(halted).to_be_hidden()


def test_all_is_cancelled(open_page, citizen, tmp_path):
    for number in range(80):
        (tmp_path / f"{number}.txt").write_text(f"numéro {number}")
    page = open_page()
    held = []
    page.route("**/@@depot", lambda route: held.append(route))
    page.get_by_label("Fichiers").set_input_files(sorted(tmp_path.glob("*.txt")))
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    while not held:
        page.wait_for_timeout(20)
    page.get_by_role("button", name="Tout annuler").click()
    expect(page.get_by_role("button", name="Tout annuler")).to_be_hidden()
    assert citizen.listed() == []


def test_a_line_is_dragged_onto_a_folder_and_back(open_page, citizen):
    home = citizen.make_folder("Maison")
    for name in ("a.txt", "b.txt", "c.txt"):
        citizen.store(name, b"x")
    # All of it is in view: nothing scrolls while it is dragged.
    page = open_page(viewport={"width": 1280, "height": 1600})
    for title in ("a", "b"):
        page.get_by_role("checkbox", name=f"Choisir {title}", exact=True).check()
    expect(page.locator("#files-count")).to_have_text("2 cochés")
    row = page.locator(
        "tr.files-item", has=page.get_by_role("link", name="a", exact=True)
    )
    row.drag_to(page.locator(f"tr[data-id='{home}']"))
    expect(page.locator("#files-status")).to_have_text("Éléments déplacés\u00a0: 2.")
    assert titles(page) == ["Maison", "c"]
    page.get_by_role("link", name="Maison", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maison")
    ready(page)
    row = page.locator(
        "tr.files-item", has=page.get_by_role("link", name="a", exact=True)
    )
    row.drag_to(page.locator(".files-path").get_by_role("link", name="Mes documents"))
    expect(page.locator("#files-status")).to_have_text("Éléments déplacés\u00a0: 1.")
    assert titles(page) == ["b"]


def press_to(page, locator) -> None:
    """Go to a control with the Tab key alone."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("not reached by the keyboard")


def test_with_the_keyboard_alone(open_page, citizen):
    citizen.store("bail.txt", b"x")
    page = open_page()
    press_to(page, page.locator("#files-new > summary"))
    page.keyboard.press("Enter")
    press_to(page, page.get_by_label("Nom du dossier"))
    page.keyboard.type("Maison")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le dossier est créé.")).to_be_visible()
    press_to(page, page.get_by_role("checkbox", name="Choisir bail", exact=True))
    page.keyboard.press("Space")
    page.keyboard.down("Shift")
    press_to(page, page.get_by_role("button", name="Déplacer"))
    page.keyboard.up("Shift")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Déplacer vers…")
    press_to(page, page.get_by_role("radio", name="Mes documents"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Éléments déplacés\u00a0: 1.")).to_be_visible()
    assert titles(page) == ["Maison"]
    press_to(page, page.get_by_role("checkbox", name="Choisir Maison", exact=True))
    page.keyboard.press("Space")
    page.keyboard.down("Shift")
    press_to(page, page.get_by_role("button", name="Mettre à la corbeille"))
    page.keyboard.up("Shift")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Aucun document pour l’instant.")).to_be_visible()
    press_to(page, page.get_by_role("link", name="Corbeille (1)"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Corbeille")
    press_to(page, page.get_by_role("button", name="Restaurer Maison"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("La corbeille est vide.")).to_be_visible()
    page.goto(citizen.documents)
    assert titles(page) == ["Maison"]


def test_a_paper_gets_its_last_day_while_one_types(open_page, citizen):
    url = citizen.store("Passeport.txt", b"x")
    page = open_page()
    page.goto(f"{url}/modifier")
    page.get_by_label("Nature du papier").select_option("passport")
    page.get_by_label("Délivré le").fill("2020-02-29")
    expect(page.get_by_label("Valable jusqu’au")).to_have_value("2030-02-28")
    page.get_by_role("button", name="Enregistrer les modifications").click()
    expect(page.get_by_role("cell", name="28/02/2030")).to_be_visible()


def test_photographs_are_put_in_order(open_page, citizen, tmp_path):
    for name, size in (("un", (40, 60)), ("deux", (60, 40))):
        Image.new("RGB", size, "red").save(tmp_path / f"{name}.png")
    page = open_page()
    page.get_by_role("link", name="Photographier un papier").click()
    page.get_by_label("Nom du document").fill("Bail")
    for name in ("deux", "un"):
        page.get_by_label("Photos, dans l’ordre").set_input_files(
            tmp_path / f"{name}.png"
        )
    expect(page.locator("#photos-pages li")).to_have_count(2)
    page.get_by_role("button", name="Monter : Page 2, un.png").click()
    expect(page.locator("#photos-pages li").first).to_contain_text("Page 1, un.png")
    page.get_by_role("button", name="Créer le PDF").click()
    link = page.get_by_role("link", name="Télécharger Bail")
    expect(link).to_be_visible()
    import pypdfium2

    pdf = pypdfium2.PdfDocument(citizen.http.get(link.get_attribute("href")).content)
    assert [page.get_size()[0] < page.get_size()[1] for page in pdf] == [True, False]


@pytest.mark.parametrize("width", [320, 1280])
def test_all_pages_fit_and_are_accessible(open_page, citizen, width):
    long = "Quittance de loyer " + "très " * 12 + "longue"
    home = citizen.make_folder(long)
    citizen.make_folder("Travaux", home)
    document = citizen.store("Avis.pdf", make_pdf("x"))
    id = document.rpartition("/")[2]
    gone = citizen.store(f"{long}.txt", b"x").rpartition("/")[2]
    citizen.classify("corbeille", gone)
    citizen.classify(f"favori:{id}")
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(f"{document}/modifier")
    page.get_by_label("Nature du papier").select_option("passport")
    page.get_by_label("Valable jusqu’au").fill("2020-01-01")
    page.get_by_role("button", name="Enregistrer les modifications").click()
    seen = [
        citizen.documents,
        f"{citizen.documents}?dossier={home}",
        f"{citizen.documents}?type=national",
        f"{document}/modifier",
        f"{document}/supprimer",
        f"{citizen.documents}/{home}/modifier",
        f"{citizen.url}/@@corbeille",
        f"{citizen.url}/@@rappels",
        f"{citizen.url}/@@photos",
    ]

    def check(address):
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, address
        found = Axe().run(page, context="main")
        assert found.violations_count == 0, (address, found.generate_report())

    for address in seen:
        page.goto(address)
        check(address)
    page.goto(citizen.documents)
    page.get_by_role("button", name="Vignettes").click()
    expect(page.locator(".files-grid")).to_be_visible()
    check("thumbnails")
    page.get_by_role("checkbox", name="Choisir Avis").check()
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Copier vers…")
    check("target")
