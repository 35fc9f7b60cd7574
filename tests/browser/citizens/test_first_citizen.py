"""The first citizen's day, from the sign-up to the log-out, and what is left of it.

A whole portal in processes of its own, with a real directory of staff and a real mail
server, on both storages; afterwards everything that a thief could take is searched.
"""

from helpers.clusters import open_folder
from helpers.leaks import find_leaks
from helpers.pdf import make_pdf
from helpers.portal import Portal
from helpers.storage import dump_postgresql
from pathlib import Path
from playwright.sync_api import expect
from playwright.sync_api import Page
import pytest
import re
import time


# Whole portals.
pytestmark = pytest.mark.timeout(900)

#: Words that must be found nowhere afterwards.
WORD_OF_TEXT = "Quetzalcoatlus"
WORD_OF_NAME = "Zorglubiana"
WORDS = (WORD_OF_TEXT, WORD_OF_NAME)

EMAIL = "amelie.obrien@example.org"
PASSWORD = "trois loutres sous la Garonne"
NEW_PASSWORD = "quatre hérons devant le Médoc"


@pytest.fixture(scope="module", params=["filestorage", "postgresql"])
def portal(request):
    with open_folder() as folder:
        portal = Portal(folder / "var", DB=request.param, LDAP="demo")
        portal.start()
        yield portal
        portal.stop()


@pytest.fixture
def new_page(chromium, portal):
    """Open a page of a browser of its own: ``new_page("/path")``."""
    contexts = []

    def new_page(path: str = "/") -> Page:
        context = chromium.new_context(locale="fr-FR")
        contexts.append(context)
        page = context.new_page()
        page.goto(portal.url + path)
        return page

    yield new_page
    for context in contexts:
        context.close()


def sign_up(page: Page) -> None:
    page.get_by_label("Prénom").fill("Amélie")
    page.get_by_label("Nom de famille").fill("O’Brien")
    page.get_by_label("Adresse électronique").fill(EMAIL)
    page.get_by_label("Date de naissance").fill("31/12/1988")
    go_on(page, "Où vous habitez")
    page.get_by_label("Numéro et rue").fill("3 quai des Chartrons")
    page.get_by_label("Code postal").fill("33000")
    page.get_by_label("Ville").fill("Bordeaux")
    page.get_by_label("Commune de résidence").select_option("bordeaux")
    go_on(page, "Services et actualités")
    go_on(page, "Vos données")
    page.get_by_label(re.compile("J’ai lu la notice")).check()
    go_on(page, "Vérifier et envoyer")
    # Robots are quicker than people.
    page.wait_for_timeout(4_000)
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.wait_for_url("**/@@inscription-recue?*")


def go_on(page: Page, step: str) -> None:
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".civ-stage-now")).to_contain_text(step)


def confirm(page: Page, portal: Portal) -> None:
    """Follow the link of the mail, and press its button."""
    text = mail_to(portal, EMAIL, "").get_body(("plain",)).get_content()
    page.goto(re.search(r"http\S+@@confirmer-inscription\S+", text).group())
    page.get_by_role("button", name="Confirmer mon adresse").click()
    expect(page.locator("main")).to_contain_text("Votre adresse est confirmée")


def log_in(page: Page, login: str, password: str) -> None:
    page.get_by_label("Identifiant").fill(login)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def mail_to(portal: Portal, address: str, subject: str):
    """Return the newest mail with ``subject`` in its subject."""
    found = [
        mail
        for mail in portal.mails()
        if address in mail["To"] and re.search(subject, mail["Subject"])
    ]
    assert found, [mail["Subject"] for mail in portal.mails()]
    return found[-1]


def log_in_of(mail) -> tuple[str, str]:
    """Return login and first password of a mail."""
    text = mail.get_body(("plain",)).get_content()
    login = re.search(r"Identifiant\s*:\s*(\S+)", text)
    password = re.search(r"mot de passe\s*:\s*(\S+)", text, re.IGNORECASE)
    return login.group(1), password.group(1)


def test_the_first_citizens_day(portal, new_page, tmp_path):
    sheet = make_pdf(f"Le {WORD_OF_TEXT} du Médoc", "Deuxième page")
    path = tmp_path / f"{WORD_OF_NAME} 2041.pdf"
    path.write_bytes(sheet)

    # Sign-up: the person is told by mail, and cannot log in yet.
    page = new_page("/")
    page.get_by_role("link", name="Créer mon espace").first.click()
    sign_up(page)
    confirm(page, portal)

    # The CUB's administrator comes from the directory, sees the registration, accepts.
    administrator = portal.login("cub-administrator")
    desk = new_page("/espaces/@@registrations")
    log_in(desk, administrator.login, administrator.password)
    desk.goto(portal.url + "/espaces/@@registrations")
    desk.get_by_role("link", name=re.compile("O’Brien")).click()
    expect(desk.locator("body")).to_contain_text("3 quai des Chartrons")
    desk.locator("button[name=action][value=accept]").click()
    expect(desk.locator("body")).to_contain_text("acceptée")
    login, first_password = log_in_of(mail_to(portal, EMAIL, "identifiant|espace"))
    assert first_password not in desk.content()

    # The first log-in forces a new password, then the recovery code is typed again.
    page.goto(portal.url + "/login")
    log_in(page, login, first_password)
    expect(page).to_have_url(re.compile("@@activation"))
    space = page.url.partition("/@@")[0]
    page.goto(f"{space}/@@documents")
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.goto(f"{space}/@@activation")
    page.locator("input[name=new]").fill(PASSWORD)
    page.locator("input[name=repeated]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("button[name=action][value=password]").click()
    shown = page.locator("#shown-code").inner_text()
    page.locator("input[name=code]").fill(shown)
    page.locator("button[name=action][value=confirm]").click()

    portal.citizen = (login, shown, space)

    # The space has its two parts; a document goes in, is read and comes out again.
    page.goto(space)
    expect(page.get_by_role("heading", name=re.compile("actualités"))).to_be_visible()
    page.get_by_role("link", name=re.compile("Mes documents")).first.click()
    page.locator("#vault-file").set_input_files(path)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    entry = page.get_by_role("link", name=re.compile(WORD_OF_NAME)).first
    expect(entry).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Télécharger")).first.click()
    assert download.value.path().read_bytes() == sheet
    entry.click()
    expect(page.locator("body")).to_contain_text(WORD_OF_TEXT)
    picture = page.locator("main img, article img").first
    expect(picture).to_be_visible()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 100",
        arg=picture.element_handle(),
    )

    # Nobody else reaches it, the administrator and Zope's Manager among them.
    document = page.url
    manager = portal.login("Manager")
    visitor = new_page("/")
    assert visitor.goto(document).status == 404
    staff = new_page("/login")
    log_in(staff, manager.login, manager.password)
    for other in (desk, staff):
        for url in (document, space, f"{space}/@@documents", f"{space}/manage"):
            assert other.goto(url).status == 404, url

    # Log-out locks the vault: the way back leads to the log-in.
    page.goto(portal.url + "/logout")
    with page.expect_navigation():
        page.get_by_role("button", name="Se déconnecter").click()
    assert page.goto(document).status == 404

    nothing_is_left(portal, tmp_path)


def nothing_is_left(portal: Portal, tmp_path: Path) -> None:
    """Search storage, logs, mails and temporary folders for the words of the day."""
    zope = int((portal.var / "zope.pid").read_text())
    environ = dict(
        row.split(b"=", 1)
        for row in Path(f"/proc/{zope}/environ").read_bytes().split(b"\0")
        if b"=" in row
    )
    places = [portal.var, Path(environ[b"TMPDIR"].decode()).parent]
    if portal.environ["DB"] == "postgresql":
        dump_postgresql(environ[b"CIVIS_DSN"].decode(), tmp_path / "dump")
        places.append(tmp_path / "dump")
    assert find_leaks(places, WORDS) == []
    # The search itself works: a word that has to be there is found.
    assert find_leaks(places, ["Chartrons"])


def test_a_forgotten_password_opens_the_account_but_not_the_vault(portal, new_page):
    """Follows the day above: a reset by mail, then the recovery code is needed."""
    login, code, space = portal.citizen
    page = new_page("/@@mot-de-passe-oublie")
    before = len(portal.mails())
    answers = []
    for name in ("c-inconnu0", login):
        page.goto(portal.url + "/@@mot-de-passe-oublie")
        page.locator("input[name=identifier]").fill(name)
        page.locator("button[name=action][value=ask]").click()
        expect(page.locator("p[role=status]")).to_be_visible()
        answers.append(page.locator("main").inner_text().replace(name, ""))
    assert answers[0] == answers[1]
    # The letter leaves after the answer.
    deadline = time.monotonic() + 60
    while len(portal.mails()) == before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(portal.mails()) == before + 1
    text = portal.mails()[-1].get_body(("plain",)).get_content()
    page.goto(re.search(r"http://\S+jeton=\S+", text).group())
    page.locator("input[name=new]").fill(NEW_PASSWORD)
    page.locator("input[name=repeated]").fill(NEW_PASSWORD)
    with page.expect_navigation():
        page.locator("button[name=action][value=reset]").click()

    page.goto(portal.url + "/login")
    log_in(page, login, PASSWORD)
    expect(page.locator("main")).to_contain_text("incorrect")
    log_in(page, login, NEW_PASSWORD)
    page.goto(f"{space}/@@documents")
    expect(page).to_have_url(re.compile("@@deverrouiller"))
    form = page.locator("form", has=page.locator("button[name=action][value=code]"))
    form.locator("input[name=current]").fill(NEW_PASSWORD)
    form.locator("input[name=code]").fill(code.lower().replace("-", " "))
    with page.expect_navigation():
        form.locator("button[name=action][value=code]").click()
    page.goto(f"{space}/@@documents")
    entry = page.get_by_role("link", name=re.compile(WORD_OF_NAME)).first
    expect(entry).to_be_visible()
