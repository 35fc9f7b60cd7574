"""News by e-mail in Chromium: the choice, the end, the advice, and the mail itself."""

from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.compose import compose
from civisdata.content.citizens.news_mail.compose import Entry
from civisdata.content.citizens.news_mail.compose import Habit
from civisdata.content.citizens.news_mail.compose import Letter
from civisdata.content.citizens.news_mail.tokens import unsubscribe_token
from datetime import datetime
from datetime import UTC
from helpers.people import staff
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
import pytest
import transaction


def is_fine(page, shot) -> None:
    """Check the rules at both widths, and keep pictures."""
    assert check(page) == {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        shot(page, width)


@pytest.fixture
def shot(tmp_path):
    """Keep a picture of a page among the test's files, for whoever wants to look."""
    taken = []

    def shot(page, width):
        taken.append(width)
        path = tmp_path / f"{len(taken):02}-{width}.png"
        page.screenshot(path=path, full_page=True)

    return shot


def test_a_citizen_chooses_and_ends_the_mails(
    functional, citizen, portal_url, new_page, shot
):
    page = new_page()
    log_in(page, portal_url, citizen.login, PASSWORD)
    expect(page.get_by_text("Un bon geste")).to_be_visible()
    is_fine(page, shot)
    page.get_by_role("link", name="Actualités par courriel").click()
    is_fine(page, shot)
    page.get_by_label("Une fois par jour").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre choix est enregistré")).to_be_visible()
    other = new_page()
    other.goto(f"{portal_url}/@@desabonnement?jeton={unsubscribe_token(citizen.id)}")
    is_fine(other, shot)
    other.get_by_role("button", name="Ne plus recevoir ces messages").click()
    expect(other.get_by_text("C’est fait")).to_be_visible()
    is_fine(other, shot)
    page.reload()
    expect(page.get_by_label("Aucun courriel")).to_be_checked()
    transaction.begin()
    book = get_book(functional["portal"], create=True)
    book.stopped[citizen.id] = 1_800_000_000.0
    transaction.commit()
    page.reload()
    expect(page.get_by_text("nous ne vous écrivons plus")).to_be_visible()
    is_fine(page, shot)
    page.goto(f"{portal_url}/espaces/{citizen.id}")
    page.get_by_role("button", name="J’en ai pris connaissance").click()
    expect(page.get_by_text("Un bon geste")).to_have_count(0)
    is_fine(page, shot)


def test_webmasters_write_good_habits_and_see_what_was_sent(
    functional, portal_url, new_page, shot
):
    password = staff("plume", ("Staff", "CUB Webmaster"))
    transaction.commit()
    page = new_page()
    log_in(page, portal_url, "plume", password)
    page.goto(f"{portal_url}/@@bons-gestes-controlpanel")
    is_fine(page, shot)
    page.get_by_label("Titre").last.fill("Une clé USB trouvée")
    page.get_by_label("Texte").last.fill("Ne la branchez pas.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Les bons gestes sont enregistrés")).to_be_visible()
    expect(page.get_by_label("Titre").nth(8)).to_have_value("Une clé USB trouvée")
    page.get_by_label("Nombre de jours entre deux bons gestes").fill("0")
    page.evaluate("document.querySelector('#content-core form').noValidate = true")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("entre 1 et 365")
    page.goto(f"{portal_url}/@@envois-actualites")
    is_fine(page, shot)


def test_the_mail_is_read_in_a_browser(new_page, shot):
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    entries = [
        Entry(
            f"Travaux du pont de pierre <{number}> & déviations " + "x" * number * 20,
            "La circulation est interdite aux camions de plus de 19 tonnes.",
            f"https://civis.exemple.fr/communes/bordeaux/actualites/{number}",
            "Bordeaux",
            now,
        )
        for number in range(3)
    ]
    letter = Letter(
        sender_name="Civis Data",
        sender="ne-pas-repondre@exemple.fr",
        to="zoe@exemple.fr",
        name="Zoé <b>O’Brien",
        message_id="<1@exemple.fr>",
        list_id="<actualites.exemple.fr>",
        rhythm="daily",
        entries=entries,
        site="Civis Data",
        site_url="https://civis.exemple.fr",
        settings_url="https://civis.exemple.fr/espaces/a/@@courriels",
        stop_url="https://civis.exemple.fr/@@desabonnement?jeton=a.b",
        now=now,
        habit=Habit("Où est votre code de secours ?", "Gardez-le.\nImprimé."),
    )
    _text, html = compose(letter).iter_parts()
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html.get_content())
    assert asked == []
    is_fine(page, shot)
    page.emulate_media(color_scheme="light")
    shot(page, 1280)
    expect(
        page.get_by_role("link", name="Travaux du pont de pierre <0>")
    ).to_be_visible()
    expect(page.get_by_text("Bonjour Zoé <b>O’Brien,")).to_be_visible()
    links = page.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert all(link.startswith("https://civis.exemple.fr") for link in links)
