"""The catalog of registrations: filters, orders, pages, exact e-mail addresses."""

from civisdata.content.citizens.catalog import RegistrationsCatalog
from civisdata.content.citizens.registration import Registration
from datetime import datetime
from datetime import timedelta
from datetime import UTC
import pytest


START = datetime(2026, 1, 1, tzinfo=UTC)


def person(number, **changes):
    values = {
        "first_name": f"Prénom{number}",
        "last_name": f"Nom{number:03}",
        "usage_name": "",
        "address": "1 rue du Loup",
        "address_more": "",
        "postal_code": "33000",
        "town": "Bordeaux",
        "commune": "bordeaux" if number % 2 else "begles",
        "birth_date": "",
        "age_bracket": "18-25",
        "email": f"p{number}@exemple.fr",
    }
    return Registration(**{**values, **changes})


@pytest.fixture
def catalog():
    made = RegistrationsCatalog()
    for number in range(100):
        state = "pending" if number % 4 == 0 else "accepted"
        made.index(
            f"id{number}", person(number), state, START + timedelta(hours=number)
        )
    return made


def ids(found):
    return [row.id for row in found[0]]


def test_newest_first_and_in_pages(catalog):
    assert ids(catalog.search(size=3)) == ["id99", "id98", "id97"]
    assert ids(catalog.search(start=3, size=3)) == ["id96", "id95", "id94"]
    assert catalog.search(size=3)[1] == 100
    assert ids(catalog.search(start=98, size=3)) == ["id1", "id0"]


@pytest.mark.parametrize("order", ["newest", "oldest", "name", "nonsense"])
@pytest.mark.parametrize("states", [(), ("accepted",), ("pending",)])
@pytest.mark.parametrize("size", [7, 40])
def test_pages_put_together_are_the_whole(catalog, order, states, size):
    seen = []
    total = catalog.search(states=states, order=order, size=1)[1]
    while len(seen) < total:
        page = ids(
            catalog.search(states=states, order=order, start=len(seen), size=size)
        )
        assert page
        seen += page
    assert (
        len(set(seen))
        == total
        == {0: 100, 1: 75 if "accepted" in states else 25}[len(states)]
    )
    numbers = [int(id[2:]) for id in seen]
    assert numbers == sorted(numbers, reverse=order in ("newest", "nonsense"))


def test_filters_by_state_and_commune(catalog):
    found, total = catalog.search(states=["accepted"], communes=["begles"], size=100)
    assert total == len(found) == 25
    assert {row.commune for row in found} == {"begles"}
    assert catalog.search(communes=[]) == ([], 0)
    assert catalog.search(communes=["nowhere"])[1] == 0
    assert catalog.count("pending") == 25
    assert catalog.count("pending", communes=["bordeaux"]) == 0


def test_beginnings_of_words_without_accents_find_people(catalog):
    catalog.index(
        "zoe",
        person(7, first_name="Zoé", last_name="O’Brien-Duprat", email="z@exemple.fr"),
        "pending",
        START,
    )
    for text in ("zoe", "ZOÉ", "dup", "brien zo", "o’bri", "duprat Zoé"):
        assert ids(catalog.search(text=text)) == ["zoe"], text
    assert ids(catalog.search(text="zoe martin")) == []
    assert ids(catalog.search(text="%%%")) == []
    assert ids(catalog.search(text="zoe", communes=["begles"])) == []
    assert catalog.search(text="nom01")[1] == 10


def test_an_address_is_found_whole_only(catalog):
    assert ids(catalog.search(text="P42@Exemple.fr")) == ["id42"]
    assert ids(catalog.search(text="p42@exemple.fr", communes=["bordeaux"])) == []
    assert ids(catalog.search(text="p42@exemple.fr", states=["pending"])) == []
    assert ids(catalog.search(text="p4@exemple")) == []
    assert catalog.id_by_email("p42@EXEMPLE.fr") == "id42"


def test_an_address_is_free_again_after_a_refusal(catalog):
    catalog.index("id42", person(42), "refused", START)
    assert catalog.id_by_email("p42@exemple.fr") is None
    catalog.index("new", person(42), "pending", START)
    catalog.index("id42", person(42), "refused", START)
    assert catalog.id_by_email("p42@exemple.fr") == "new"


def test_a_new_address_takes_the_place_of_the_old_one(catalog):
    catalog.index("id42", person(42, email="new@exemple.fr"), "accepted", START)
    assert catalog.id_by_email("p42@exemple.fr") is None
    assert catalog.id_by_email("new@exemple.fr") == "id42"


def test_what_is_forgotten_is_gone(catalog):
    catalog.unindex("id42")
    catalog.unindex("id42")
    assert catalog.id_by_email("p42@exemple.fr") is None
    assert catalog.search()[1] == 99
    assert ids(catalog.search(text="nom042")) == []
