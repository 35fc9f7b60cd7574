"""Pages of news by e-mail and of « bons gestes », and mails that come back."""

from civisdata.content.citizens.good_habits.series import keep
from civisdata.content.citizens.good_habits.series import Series
from civisdata.content.citizens.good_habits.series import series_of
from civisdata.content.citizens.news_mail import tokens
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.wishes import turn_on
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.registrations import state_of
from helpers.reports import report
from helpers.visitors import PASSWORD
from plone import api
import pytest
import transaction


DAY = 24 * 3600


@pytest.fixture
def reader(site, citizen, space_of):
    """A citizen who is mailed news once a day."""
    space = space_of(citizen)
    if state_of(space) != "accepted":
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(space, "accept")
    turn_on(space, "daily", ("commune", "cub"))
    transaction.commit()
    return citizen


@pytest.fixture
def wants(space_of):
    """Say at which rhythm a citizen is written to."""
    return lambda citizen: registration_of(space_of(citizen)).mail_rhythm


def link(citizen) -> str:
    return f"/@@desabonnement?jeton={tokens.unsubscribe_token(citizen.id)}"


def test_one_click_ends_the_mails_without_log_in_or_token(visitor, reader, wants):
    for _turn in range(2):
        visitor.post(link(reader), {"List-Unsubscribe": "One-Click"})
        assert visitor.page.status_int == 200
        assert wants(reader) == ""


def test_a_link_that_is_followed_asks_before_it_does_anything(visitor, reader, wants):
    visitor.get(link(reader))
    assert wants(reader) == "daily"
    form = next(one for one in visitor.page.forms.values() if "jeton" in one.fields)
    visitor.page = form.submit()
    assert "C’est fait" in visitor.text
    assert wants(reader) == ""


def test_a_forged_link_does_nothing_and_says_the_same(visitor, reader, wants):
    other = tokens.unsubscribe_token("a" * 16)
    true = tokens.unsubscribe_token(reader.id)
    forged = f"{reader.id}.{other.partition('.')[2]}"
    answers = set()
    for token in (forged, other, f"{reader.id}.", "", "é" * 40, f"{true}a", true[:-1]):
        visitor.post("/@@desabonnement", {"jeton": token})
        answers.add((visitor.page.status_int, visitor.text))
        assert wants(reader) == "daily"
    visitor.post(link(reader), {})
    answers.add((visitor.page.status_int, visitor.text))
    assert len(answers) == 1
    assert wants(reader) == ""


def test_a_citizen_chooses_rhythm_and_publishers(visitor, reader, wants, space_of):
    visitor.log_in(reader.login, PASSWORD)
    url = f"/espaces/{reader.id}/@@courriels"
    visitor.get(url)
    visitor.send("save", rhythm="weekly")
    assert "Votre choix est enregistré" in visitor.text
    assert wants(reader) == "weekly"
    visitor.send("save", rhythm="none")
    assert wants(reader) == ""
    visitor.get(url)
    visitor.post(url, {"action": "save", "rhythm": "daily", "publishers": "cub"})
    assert visitor.page.status_int == 403
    assert wants(reader) == ""
    visitor.get(url)
    visitor.send("save", rhythm="at-once")
    answers = [
        (row["answer"], row["channel"])
        for row in space_of(reader)._consents
        if row["id"] == "news-by-email"
    ]
    assert answers[-3:] == [(True, "web"), (False, "web"), (True, "web")]


def returned(visitor, citizen, issue, **values):
    address = tokens.return_address(citizen.id, issue, "example.org")
    visitor.app.post(
        f"/@@courriel-revenu?adresse={address.replace('+', '%2B')}",
        report(**values),
        content_type="message/rfc822",
    )


def test_three_hard_failures_end_the_mails_and_the_space_says_so(
    visitor, reader, wants, moved_clock
):
    for issue in (1, 2, 2, 3):
        assert wants(reader) == "daily"
        returned(visitor, reader, issue)
        moved_clock.moved += 2 * DAY
    assert wants(reader) == ""
    visitor.log_in(reader.login, PASSWORD)
    assert "plusieurs messages nous sont revenus" in visitor.text
    visitor.get(f"/espaces/{reader.id}/@@courriels")
    assert "nous ne vous écrivons plus" in visitor.text
    visitor.send("save", rhythm="daily")
    assert wants(reader) == "daily"
    assert "nous ne vous écrivons plus" not in visitor.text
    returned(visitor, reader, 4)
    assert wants(reader) == "daily"


def test_soft_failures_never_end_the_mails(visitor, reader, wants, moved_clock):
    kinds = (
        {"status": "4.2.2", "action": "delayed"},
        {"status": "4.2.2"},
        {"status": "5.1.1", "action": "delayed"},
        {"status": "5.7.1"},
        {"status": ""},
    )
    for issue, values in enumerate(kinds, 1):
        returned(visitor, reader, issue, **values)
        moved_clock.moved += 2 * DAY
    assert wants(reader) == "daily"


def test_one_bad_day_and_old_failures_do_not_count(visitor, reader, wants, moved_clock):
    for issue in range(1, 6):
        returned(visitor, reader, issue)
    moved_clock.moved += 31 * DAY
    for issue in (10, 11):
        returned(visitor, reader, issue)
        moved_clock.moved += 2 * DAY
    assert wants(reader) == "daily"


def test_forged_and_broken_reports_count_nothing(visitor, reader, site):
    right = tokens.return_address(reader.id, 1, "example.org")
    for address, body in (
        (right.replace(".1.", ".2."), report()),
        (f"retours+{reader.id}.1.{'a' * 26}@example.org", report()),
        ("", report()),
        (right, b""),
        (right, b"\xff\x00 not a mail"),
        (right, b"Subject: I am away\r\n\r\nBack on Monday.\r\n"),
        (right, b"Content-Type: multipart/report; boundary=x\r\n\r\n--x"),
    ):
        visitor.app.post(
            f"/@@courriel-revenu?adresse={address.replace('+', '%2B')}",
            body,
            content_type="message/rfc822",
        )
    transaction.begin()
    assert dict(get_book(site).bounces) == {}


def test_a_good_habit_is_shown_until_it_is_put_away(
    visitor, citizen, moved_clock, space_of
):
    visitor.log_in(citizen.login, PASSWORD)
    home = f"/espaces/{citizen.id}"
    visitor.get(home)
    assert "Un mot de passe long" in visitor.text
    visitor.post(f"{home}/@@bon-geste", {"numero": "0"})
    visitor.get(home)
    assert "Un mot de passe long" in visitor.text
    form = next(one for one in visitor.page.forms.values() if "numero" in one.fields)
    visitor.page = form.submit()
    visitor.follow()
    visitor.get(home)
    assert "Un bon geste" not in visitor.text
    space_of(citizen)._registered = space_of(citizen)._registered.replace(year=2025)
    transaction.commit()
    visitor.get(home)
    assert "Un bon geste" in visitor.text


def test_a_series_without_active_habits_shows_nothing(visitor, citizen, site):
    keep(site, Series((), 7))
    transaction.commit()
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}")
    assert "Un bon geste" not in visitor.text
    assert series_of(site).habits == ()
