"""Checking what a person typed when signing up."""

from civisdata.content.checks import email_key
from civisdata.content.checks import fold
from civisdata.content.citizens.registration import CommuneChoice
from civisdata.content.citizens.registration import ELSEWHERE
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import validate
from civisdata.content.news.ages import SHIPPED
from datetime import date
import pytest


OFFER = Offer(
    communes={
        "bordeaux": CommuneChoice("Bordeaux", ("33000", "33800"), True),
        "begles": CommuneChoice("Bègles", ("33130",), True),
        "ambes": CommuneChoice("Ambès", ("33810",), False),
    },
    topics={"elections": "Élections", "immobilier": "Immobilier"},
    age_brackets=SHIPPED.titles(),
    today=date(2026, 11, 23),
)

GOOD = {
    "first_name": "Zoé",
    "last_name": "Duprat",
    "usage_name": "",
    "birth_date": "31/12/1980",
    "age_bracket": "",
    "email": "zoe.duprat@exemple.fr",
    "address": "3 rue du Loup",
    "address_more": "",
    "postal_code": "33 000",
    "town": "Bordeaux",
    "commune": "bordeaux",
    "services": ["documents", "news"],
    "publishers": "commune",
    "topics": ["elections", "unknown"],
    "by_page": "yes",
}


def checked(**changes):
    return validate({**GOOD, **changes}, OFFER)


def test_a_good_form_makes_a_registration():
    made = checked().registration
    assert made is not None
    assert made.birth_date == "1980-12-31"
    assert made.postal_code == "33000"
    assert made.publishers == ("commune",)
    assert made.topics == ("elections",)
    assert made.rhythm == "weekly"
    assert made.bracket_on(date(2026, 11, 23), SHIPPED) == "40-59"


def test_a_registration_survives_storage_and_unknown_names():
    made = checked().registration
    stored = {**made.to_dict(), "of_a_later_version": 1}
    assert Registration.from_dict(stored) == made


@pytest.mark.parametrize(
    "name",
    ["O’Brien", "李", "עברית", "محمد", "D'Hérouville-Saint-Aÿ", "N’Guyễn", "X"],
)
def test_names_of_all_scripts_are_taken_as_they_are(name):
    assert checked(last_name=f"  {name} ").registration.last_name == name


def test_composed_and_decomposed_letters_are_the_same():
    assert checked(first_name="Zoe\u0301").registration.first_name == "Zoé"


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nBcc: all@example.org",
        "a\nb",
        "a\x00b",
        "\u202egnp.exe",
        "a\u2028b",
        "\ud800",
    ],
)
@pytest.mark.parametrize("field", ["first_name", "last_name", "town", "email"])
def test_control_characters_are_refused_everywhere(field, value):
    result = checked(**{field: value})
    assert result.registration is None
    assert list(result.errors) == [field]


@pytest.mark.parametrize(
    "field",
    [
        "first_name",
        "last_name",
        "usage_name",
        "email",
        "address",
        "address_more",
        "postal_code",
        "town",
        "birth_date",
    ],
)
def test_ten_thousand_characters_are_one_clear_error(field):
    result = checked(**{field: "x" * 10_000})
    assert field in result.errors
    assert len(result.errors) == 1


@pytest.mark.parametrize(
    "field", ["first_name", "last_name", "email", "address", "postal_code", "town"]
)
def test_required_fields_are_asked_for_one_by_one(field):
    assert list(checked(**{field: "  "}).errors) == [field]


def test_all_errors_come_at_once():
    assert set(validate({}, OFFER).errors) == {
        "first_name",
        "last_name",
        "birth_date",
        "email",
        "address",
        "postal_code",
        "town",
        "commune",
    }


@pytest.mark.parametrize(
    "email",
    [
        "zoe",
        "zoe@",
        "@exemple.fr",
        "zoe@exemple",
        "zoe@@exemple.fr",
        "zoe duprat@exemple.fr",
        "zoe@exemple.fr,all@exemple.fr",
        "<zoe@exemple.fr>",
        "zoe@-exemple.fr",
        ".zoe@exemple.fr",
        "zoé@exemple.fr",
        "a" * 65 + "@exemple.fr",
    ],
)
def test_what_is_no_address_is_refused(email):
    assert "email" in checked(email=email).errors


@pytest.mark.parametrize(
    "typed, stored",
    [
        (" Zoe.Duprat+civis@Exemple.FR ", "Zoe.Duprat+civis@exemple.fr"),
        ("zoe@éxemple.fr", "zoe@xn--xemple-9ua.fr"),
    ],
)
def test_an_address_is_kept_as_mail_needs_it(typed, stored):
    assert checked(email=typed).registration.email == stored


def test_equal_addresses_have_equal_keys():
    assert email_key("Zoe@Exemple.fr") == email_key(" zoe@exemple.fr")
    assert email_key("zoe@exemple.fr") != email_key("zoe2@exemple.fr")


@pytest.mark.parametrize(
    "typed, ok",
    [
        ("1980-12-31", True),
        ("31.12.1980", True),
        ("31/02/1980", False),
        ("12/31/1980", False),
        ("2030-01-01", False),
        ("1880-01-01", False),
        ("23/11/2011", True),
        ("24/11/2011", False),
        ("hier", False),
    ],
)
def test_dates_of_birth(typed, ok):
    assert ("birth_date" not in checked(birth_date=typed).errors) is ok


def test_an_age_bracket_is_enough():
    made = checked(birth_date="", age_bracket="18-25").registration
    assert (made.birth_date, made.age_bracket) == ("", "18-25")
    assert "birth_date" in checked(birth_date="", age_bracket="0-99").errors


def test_a_commune_that_does_not_take_part_is_explained():
    assert "commune" in checked(commune="ambes").errors
    assert checked(commune="ambes").errors["commune"].mapping == {"commune": "Ambès"}


@pytest.mark.parametrize("commune", ["", "paris", ELSEWHERE, ["bordeaux", "begles"]])
def test_a_commune_has_to_be_chosen(commune):
    assert list(checked(commune=commune).errors) == ["commune"]


def test_the_postal_code_suggests_communes():
    result = checked(commune="", postal_code="33130")
    assert result.suggestions == ["begles"]
    assert "Bègles" in result.errors["commune"].mapping["communes"]
    assert checked(commune="", postal_code="33810").suggestions == []


def test_fields_given_several_times_do_no_harm():
    result = checked(first_name=["a", "b"])
    assert list(result.errors) == ["first_name"]


def test_folding_for_sorting_and_search():
    assert fold("Élodie O’Brien-Æther") == "elodie o brien æther"
    assert fold("李") == "李"
