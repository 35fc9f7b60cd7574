"""Deposits as agents and citizens see them: narrow screens, keyboard, WCAG."""

from axe_playwright_python.sync_playwright import Axe
from base64 import b64encode
from civisdata.content.citizens.account_record import need_account
from civisdata.content.partners.registry import add_partner
from civisdata.content.territory.localroles import agents_group
from helpers.deposits import make_recipient
from helpers.people import staff
from playwright.sync_api import expect
import pytest
import transaction


WIDTHS = (1280, 320)
BORDEAUX = "/communes/bordeaux"


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def zoe(portal, make_citizen):
    """Somebody who has allowed nobody yet."""
    recipient = make_recipient(portal)
    who = make_citizen(space=recipient.space)
    need_account(recipient.space).public = who.bundle.public
    transaction.commit()
    who.login = recipient.login
    return who


@pytest.fixture
def browse(chromium):
    contexts = []

    def browse(**options):
        contexts.append(chromium.new_context(locale="fr-FR", **options))
        page = contexts[-1].new_page()
        return page

    yield browse
    for context in contexts:
        context.close()


@pytest.fixture
def at_home(browse, zoe):
    page = browse()
    for cookie in zoe.http.cookies:
        page.context.add_cookies(
            [{"name": cookie.name, "value": cookie.value, "url": zoe.base}]
        )
    return page


@pytest.fixture
def at_work(browse):
    """An agent without scripts: all forms work without."""

    def at_work(login: str, **who):
        password = staff(login, **who)
        transaction.commit()
        return browse(
            extra_http_headers=credentials(login, password), java_script_enabled=False
        )

    return at_work


def credentials(login: str, password: str) -> dict[str, str]:
    pair = b64encode(f"{login}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def check(page) -> None:
    """No page is wider than the screen; axe finds nothing in its main part."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (page.url, wide)
        found = Axe().run(page, context="main")
        assert found.violations_count == 0, found.generate_report()


def test_from_the_consent_to_the_receipt(at_home, at_work, zoe, server):
    page = at_home
    page.goto(f"{zoe.url}/@@consentements")
    check(page)
    page.get_by_role("button", name="Autoriser : Ville de Bordeaux").press("Enter")
    expect(page.get_by_text("peuvent être déposés par la Ville")).to_be_visible()
    check(page)
    agent = at_work("agent", roles=("Staff",), group=agents_group("33063"))
    agent.goto(f"{server}{BORDEAUX}/@@deposer")
    agent.get_by_label("Identifiant ou adresse standard").fill(zoe.login)
    agent.get_by_label("Fichier", exact=True).set_input_files(
        {"name": "avis.txt", "mimeType": "text/plain", "buffer": b"Bonjour"}
    )
    agent.get_by_label("Titre").fill("Avis de passage")
    agent.get_by_role("button", name="Déposer", exact=True).press("Enter")
    with agent.expect_download() as download:
        agent.get_by_role("link", name="Télécharger le reçu").click()
    assert download.value.suggested_filename.startswith("recu-")
    page.goto(zoe.documents)
    expect(page.get_by_text("Nouveau", exact=True)).to_be_visible()
    page.get_by_role("link", name="Avis de passage", exact=True).click()
    expect(page.get_by_text("Déposé par la Ville de Bordeaux")).to_be_visible()
    page.get_by_role("link", name="Reçu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reçu de dépôt")
    check(page)
    page.goto(f"{server}/@@cles-publiques")
    check(page)


def test_pages_of_staff_fit_narrow_screens_and_axe(browse, server, portal):
    add_partner(portal, "cantine", "Cantine scolaire")
    agent = staff("agent", roles=("Staff",), group=agents_group("33063"))
    administrator = staff("cubadmin", roles=("Staff", "CUB Administrator"))
    transaction.commit()
    for login, password, paths in (
        (
            "agent",
            agent,
            [
                f"{BORDEAUX}/{view}"
                for view in ("@@deposer", "@@deposer-lot", "@@depots-remis")
            ],
        ),
        ("cubadmin", administrator, ["/@@partenaires"]),
    ):
        page = browse(extra_http_headers=credentials(login, password))
        for path in paths:
            page.goto(server + path)
            assert page.url == server + path
            check(page)
