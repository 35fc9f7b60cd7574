"""The form of a mairie: what is taken, what is refused, and why."""

from civisdata.content.territory.hours import from_json
from civisdata.content.territory.mairie import read
from civisdata.content.territory.schema_org import as_script
from civisdata.content.territory.schema_org import city_hall
from civisdata.theme.charter import Charter
from datetime import date
from types import SimpleNamespace
import json
import pytest


GOOD = {
    "address": "Place Pey-Berland\r\n33000 Bordeaux",
    "phone": "05 56 00 00 00",
    "email": "mairie@exemple.fr",
    "website": "https://www.exemple.fr/",
    "latitude": "44,8378",
    "longitude": "-0,5794",
    "colour_main": "#0b3d91",
    "colour_second": "#7a3b00",
    "day-0": "8h30-12h30, 13h30-17h",
    "special-0-from": "2026-12-24",
    "special-0-to": "2026-12-31",
    "special-0-label": "Congés",
    "special-1-from": "05/12/2026",
    "special-1-hours": "9h-12h",
    "service-0-name": "État civil",
    "service-0-phone": "+33 5 56 00 00 01",
    "service-3-name": "Urbanisme",
}


def errors(**changes) -> dict:
    return read(GOOD | changes, Charter()).errors


def test_a_good_form():
    form = read(GOOD, Charter())
    assert form.errors == {}
    assert form.values["address"] == "Place Pey-Berland\n33000 Bordeaux"
    assert form.values["latitude"] == 44.8378
    hours = from_json(form.values["opening_hours"])
    assert hours.week[0] == ((510, 750), (810, 1020))
    assert [special.first.day for special in hours.exceptions] == [5, 24]
    assert hours.closed_on_holidays
    assert [row["name"] for row in form.values["services"]] == [
        "État civil",
        "Urbanisme",
    ]


def test_nothing_has_to_be_known():
    form = read({}, Charter())
    assert form.errors == {}
    assert form.values["address"] is None and form.values["services"] == []
    assert not from_json(form.values["opening_hours"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "x" * 301),
        ("address", "a\x00b"),
        ("address", "abc\u202edcba"),
        ("phone", "<script>"),
        ("phone", "1" * 40),
        ("email", "mairie"),
        ("email", "mairie@exemple.fr\nBcc: x@exemple.fr"),
        ("email", "javascript:alert(1)@x"),
        ("website", "http://www.exemple.fr"),
        ("website", "javascript:alert(1)"),
        ("website", "https://a:b@www.exemple.fr"),
        ("website", 'https://www.exemple.fr/"onclick="x'),
        ("website", "https://localhost/"),
        ("website", "https://www.exemple.fr:8443/"),
        ("website", "https://[::1"),
        ("latitude", "91"),
        ("latitude", "nan"),
        ("latitude", "inf"),
        ("longitude", "là-bas"),
        ("longitude", ""),
        ("colour_main", "red"),
        ("colour_main", "#0b3d9"),
        ("colour_main", "#ffee00"),
        ("colour_second", "#ffee00"),
        ("colour_main", "#0b3d91;} body{display:none"),
        ("day-0", "17h-8h"),
        ("day-6", "8h-10h, 9h-11h"),
        ("special-0-from", ""),
        ("special-0-from", "2026-02-30"),
        ("special-0-from", "1926-12-24"),
        ("special-0-to", "2026-12-23"),
        ("special-0-hours", "bientôt"),
        ("special-0-label", "x" * 81),
        ("special-0-label", "a\u202eb"),
        ("service-0-name", ""),
        ("service-0-name", "x" * 121),
        ("service-0-phone", "aucun"),
        ("service-0-link", "http://exemple.fr"),
        ("service-0-hours", "x" * 201),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, value):
    found = errors(**{field: value})
    assert list(found) == [field]
    assert found[field]


def test_days_that_stand_twice():
    assert list(errors(**{"special-1-from": "2026-12-25"})) == ["special-1-from"]


def test_a_file_or_list_in_a_text_field_counts_for_nothing():
    form = read(GOOD | {"address": ["a", "b"], "day-0": object()}, Charter())
    assert form.errors == {} and form.values["address"] is None


def test_too_many_lines():
    rows = {f"service-{n}-name": "Service" for n in range(65)}
    assert list(read(rows, Charter()).errors) == ["services"]


def test_the_ground_of_the_portal_counts():
    pale = errors(colour_main="#757575", colour_second="")
    assert (
        "contrast" in pale["colour_main"].default
        if pale["colour_main"].default
        else True
    )
    assert pale["colour_main"].mapping["wanted"] == "4,5"


def test_scripts_stay_text_for_search_engines():
    form = read(GOOD | {"address": "</script><script>alert(1)</script>"}, Charter())
    commune = SimpleNamespace(title="A<b>", **form.values)
    text = as_script(
        city_hall(commune, "Mairie", "https://x", None, date(2026, 11, 24))
    )
    assert "<" not in text and ">" not in text
    data = json.loads(text)
    assert data["address"]["streetAddress"].startswith("</script>")
    assert data["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "https://schema.org/Monday",
        "opens": "08:30",
        "closes": "12:30",
    }
    closed = data["specialOpeningHoursSpecification"][-1]
    assert (closed["validFrom"], closed["opens"], closed["closes"]) == (
        "2026-12-24",
        "00:00",
        "00:00",
    )
