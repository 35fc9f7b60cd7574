"""Opening hours: what is stored, what holds on a day, what holds now."""

from civisdata.content.territory.holidays import easter
from civisdata.content.territory.holidays import holidays
from civisdata.content.territory.hours import from_json
from civisdata.content.territory.hours import Hours
from civisdata.content.territory.hours import HoursError
from civisdata.content.territory.hours import PARIS
from civisdata.content.territory.hours import Special
from civisdata.content.territory.hours import to_json
from civisdata.content.territory.hours_text import parse
from civisdata.content.territory.hours_text import spans_text
from civisdata.content.territory.hours_text import typed_text
from civisdata.content.territory.words import state_text
from datetime import date
from datetime import datetime
from datetime import UTC
from zope.i18n import interpolate
import pytest


MORNING, AFTERNOON = (510, 750), (810, 1020)
OPEN = (MORNING, AFTERNOON)
WEEK = (OPEN, OPEN, OPEN, OPEN, OPEN, ((540, 720),), ())
CLOSED_AT_CHRISTMAS = Special(date(2026, 12, 24), date(2026, 12, 31), "Congés")
LATE = Special(date(2026, 12, 3), date(2026, 12, 3), "Nocturne", ((600, 1230),))
HOURS = Hours(WEEK, (LATE, CLOSED_AT_CHRISTMAS))


def said(hours: Hours, *moment: int) -> str:
    return interpolate(
        _default(state_text(hours, datetime(*moment, tzinfo=PARIS), "fr"))
    )


def _default(message):
    return interpolate(str(message), message.mapping) if message.mapping else message


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ((2026, 11, 24, 8, 29), "Closed now, opens at 8 h 30"),
        ((2026, 11, 24, 8, 30), "Open now, closes at 12 h 30"),
        ((2026, 11, 24, 12, 29), "Open now, closes at 12 h 30"),
        ((2026, 11, 24, 12, 30), "Closed now, opens at 13 h 30"),
        ((2026, 11, 24, 17, 0), "Closed now, opens tomorrow at 8 h 30"),
        ((2026, 11, 28, 12, 0), "Closed now, opens on Monday at 8 h 30"),
        ((2026, 12, 3, 20, 0), "Open now, closes at 20 h 30"),
        # the holidays, then New Year's Day, a Friday
        ((2026, 12, 23, 18, 0), "Closed now, opens on 02/01/2027 at 9 h"),
    ],
)
def test_what_is_said_now(moment, text):
    text_now = said(HOURS, *moment).replace("\u202f", " ")
    # The catalog is there where a layer was set up before.
    assert text_now.replace("lundi", "Monday") == text


def test_the_town_s_own_time_counts_and_summer_time_too():
    utc = datetime(2026, 11, 24, 7, 45, tzinfo=UTC)
    assert HOURS.state(utc).open
    # 6:45 UTC is 8:45 in Bordeaux in July, and 7:45 in November.
    assert HOURS.state(datetime(2026, 7, 7, 6, 45, tzinfo=UTC)).open
    assert not HOURS.state(datetime(2026, 11, 24, 6, 45, tzinfo=UTC)).open


def test_a_public_holiday_is_closed_unless_said_otherwise():
    may_day = date(2026, 5, 1)
    assert HOURS.day(may_day).spans == () and HOURS.day(may_day).holiday
    assert Hours(WEEK, closed_on_holidays=False).day(may_day).spans == OPEN
    special = Special(may_day, may_day, "Muguet", ((600, 660),))
    assert Hours(WEEK, (special,)).day(may_day).spans == ((600, 660),)


def test_no_hours_at_all_and_never_open():
    assert not Hours()
    assert Hours().state(datetime(2026, 11, 24, 12, tzinfo=UTC)).opens is None


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))]
)
def test_easter(year, day):
    assert easter(year) == date(year, *day)


def test_eleven_holidays_a_year():
    assert len(holidays(2026)) == 11
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} < holidays(2026)


@pytest.mark.parametrize(
    "text",
    [
        "8h30-12h30, 13h30-17h",
        "08:30 – 12:30 et 13:30 – 17:00",
        "8 h 30 à 12 h 30 ; 13 h 30 à 17 h",
        "de 8h30 à 12h30, de 13h30 à 17h00",
        "13h30-17h, 8h30-12h30",
        "8\u202fh\u202f30\u00a0–\u00a012\u202fh\u202f30, 13\u202fh\u202f30\u00a0–\u00a017\u202fh",
    ],
)
def test_hours_are_read_as_people_type_them(text):
    assert parse(text) == OPEN


def test_what_is_shown_is_read_again():
    assert parse(spans_text(OPEN)) == OPEN
    assert parse(typed_text(OPEN)) == OPEN
    assert parse(spans_text(((0, 1440),))) == ((0, 1440),)


@pytest.mark.parametrize("text", ["", " ", "fermé", "Fermée", "-"])
def test_closed(text):
    assert parse(text) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("17h-8h", "order"),
        ("8h-8h", "order"),
        ("8h-12h, 11h-17h", "overlap"),
        ("25h-26h", "form"),
        ("8h75-9h", "form"),
        ("le matin", "form"),
        ("8h", "form"),
        ("8h-9h, 10h-11h, 12h-13h, 14h-15h, 16h-17h", "form"),
        ("<script>", "form"),
        ("8h-9h " * 100, "form"),
    ],
)
def test_wrong_hours_say_what_is_wrong(text, reason):
    with pytest.raises(HoursError) as caught:
        parse(text)
    assert caught.value.reason == reason


def test_what_is_stored_is_read_again():
    assert from_json(to_json(HOURS)) == HOURS
    assert from_json(None) == Hours() == from_json({})


@pytest.mark.parametrize(
    "raw",
    [
        [],
        "8h-12h",
        {"week": []},
        {"week": [[["08:30", "12:30"]]] * 8},
        {"week": [[["12:30", "08:30"]], [], [], [], [], [], []]},
        {"week": [["08:30"], [], [], [], [], [], []]},
        {"week": [[[8, 12]], [], [], [], [], [], []]},
        {"exceptions": [{"from": "2026-13-01", "to": "2026-12-01"}]},
        {"exceptions": [{"from": "2026-12-02", "to": "2026-12-01"}]},
        {"exceptions": [{"from": "2026-12-01", "to": "2026-12-05"}] * 2},
        {"exceptions": [{"from": "2026-12-01", "to": "2026-12-01", "label": "x" * 99}]},
        {"exceptions": [{"from": 1, "to": 2}]},
        {"holidays": "sometimes"},
        {"more": 1},
    ],
)
def test_what_cant_be_hours_is_refused(raw):
    with pytest.raises(HoursError):
        from_json(raw)
