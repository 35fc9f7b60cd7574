"""The catalog of registrations: filters, orders, pages, exact e-mail addresses."""

from civisdata.content.citizens.catalog import LETTER
from civisdata.content.citizens.catalog import NO_RECEIPT
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


def test_who_signed_up_before_a_day(catalog):
    day = START + timedelta(days=2, hours=5)
    found = catalog.search(before=day, size=100)
    assert set(ids(found)) == {f"id{number}" for number in range(48)}
    both = catalog.search(before=day, states=["pending"], communes=["begles"])
    assert both[1] == 12
    # A catalog of before has no days: the same answer from the order.
    catalog.by_day = None
    assert catalog.search(before=day, size=100) == found
    catalog.index("late", person(200), "pending", START + timedelta(days=90))
    catalog.unindex("id0")
    catalog.renew()
    assert catalog.search(before=day)[1] == 47
    assert catalog.search(before=START + timedelta(days=99))[1] == 100


@pytest.mark.parametrize("order", ["newest", "oldest", "name"])
def test_sorting_and_walking_give_the_same_page(catalog, order):
    """Few of many are sorted, many are found on the way."""
    few = {"states": ["pending"], "communes": ["begles"], "order": order}
    assert (
        ids(catalog.search(**few, start=5, size=5))
        == ids(catalog.search(**few, size=25))[5:10]
    )
    catalog.index("alone", person(201, last_name="Aaa"), "refused", START)
    assert ids(catalog.search(states=["refused"], order=order)) == ["alone"]
    assert ids(catalog.search(states=["refused"], order=order, start=1)) == []


def test_marks_and_doubtful_ones_are_filters(catalog):
    catalog.set_mark("id3", LETTER, True)
    catalog.set_mark("id3", LETTER, True)
    catalog.set_mark("id4", LETTER, True)
    catalog.set_mark("id4", LETTER, False)
    catalog.set_mark("id4", NO_RECEIPT, False)
    assert ids(catalog.search(mark=LETTER)) == ["id3"]
    assert catalog.search(mark=NO_RECEIPT)[1] == 0
    assert (catalog.count_mark(LETTER), list(catalog.with_mark(LETTER))) == (1, ["id3"])
    assert list(catalog.with_mark(LETTER, after="id3")) == []
    assert catalog.search(doubtful=True) == ([], 0)
    twin = person(5, email="autre@exemple.fr")
    catalog.index("twin", twin, "pending", START)
    assert set(ids(catalog.search(doubtful=True))) == {"twin", "id5"}
    assert catalog.is_doubtful("id5") and not catalog.is_doubtful("id6")
    assert set(catalog.like("twin")) == {"id5"}
    catalog.index("twin", twin, "closed", START)
    assert catalog.search(doubtful=True)[1] == 0
    catalog.unindex("id3")
    assert catalog.search(mark=LETTER)[1] == 0


def test_a_catalog_of_before_knows_neither_likeness_nor_marks(catalog):
    catalog.likeness = None
    assert catalog.like("id1") == {}
    assert not catalog.is_doubtful("id1")
    assert catalog.search(doubtful=True) == ([], 0)
    assert catalog.search(mark=LETTER) == ([], 0)
    catalog.index("id1", person(1), "refused", START)
    catalog.unindex("id2")
