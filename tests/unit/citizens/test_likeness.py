"""Registrations that may be one person's: by keys, both ways, and gone with the reason."""

from civisdata.content.citizens.likeness import ADDRESS
from civisdata.content.citizens.likeness import BIRTH
from civisdata.content.citizens.likeness import EMAIL
from civisdata.content.citizens.likeness import keys_of
from civisdata.content.citizens.likeness import Likeness
from civisdata.content.citizens.likeness import MOST
from helpers.people import person
import pytest


def alike(**changes) -> dict:
    """Return what somebody with these changes has in common with ``person()``."""
    found = Likeness()
    found.set("a", keys_of(person()))
    found.set("b", keys_of(person(**{"email": "b@exemple.fr", **changes})))
    assert found.others("b").keys() == ({"a"} if found.others("a") else set())
    assert set(found.doubtful) == ({"a", "b"} if found.others("a") else set())
    return found.others("a")


@pytest.mark.parametrize(
    "changes, kinds",
    [
        ({}, {BIRTH, ADDRESS}),
        ({"first_name": "ZOE", "last_name": "O'brien"}, {BIRTH, ADDRESS}),
        ({"first_name": "O’Brien", "last_name": "Zoé"}, {BIRTH, ADDRESS}),
        ({"last_name": "Martin", "usage_name": "O’Brien"}, {BIRTH, ADDRESS}),
        ({"address": "3, RUE DU LOUP"}, {BIRTH, ADDRESS}),
        ({"address": "9 rue Neuve"}, {BIRTH}),
        ({"birth_date": "1980-12-30"}, {ADDRESS}),
        ({"birth_date": "", "age_bracket": "36-45", "address": "9 rue Neuve"}, set()),
        ({"first_name": "Léa", "email": "ZOE@exemple.fr"}, {EMAIL}),
        ({"first_name": "Léa"}, set()),
    ],
)
def test_what_makes_two_registrations_alike(changes, kinds):
    assert {kind for kinds in alike(**changes).values() for kind in kinds} == kinds


def test_nothing_can_be_read_in_the_keys():
    text = repr(keys_of(person())).casefold()
    for word in ("zoé", "zoe", "brien", "loup", "1980", "33000"):
        assert word not in text


def test_who_changes_or_leaves_is_like_nobody_any_more():
    found = Likeness()
    for number in range(3):
        found.set(f"id{number}", keys_of(person(email=f"{number}@exemple.fr")))
    assert set(found.others("id0")) == {"id1", "id2"}
    found.set("id1", keys_of(person(email="1@exemple.fr", first_name="Léa")))
    assert set(found.others("id0")) == {"id2"}
    assert list(found.doubtful) == ["id0", "id2"]
    found.set("id2", ())
    found.set("id2", ())
    assert found.others("id0") == found.others("id2") == {}
    assert list(found.doubtful) == []
    found.set("id0", ())
    found.set("id1", ())
    assert (len(found.by_key), len(found.keys)) == (0, 0)


def test_a_flood_of_the_same_person_stays_cheap():
    found = Likeness()
    for number in range(200):
        found.set(f"id{number}", keys_of(person(email=f"{number}@exemple.fr")))
    assert len(found.others("id0")) == MOST
    assert len(found.doubtful) == 200
