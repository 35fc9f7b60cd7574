"""Whom to ask: by procedure, by commune, by words."""

from civisdata.content.contacts.addressbook import search
from civisdata.content.contacts.procedures import RECORD
from plone import api
import pytest


def titles(*arguments, **options) -> list[str]:
    return [card.title for card in search(*arguments, **options).cards]


def test_a_new_portal_has_national_contacts_and_no_invented_ones(portal):
    found = search(publisher="cub").cards
    assert "Allô Service Public" in [card.title for card in found]
    assert all(card.national and not card.example for card in found)
    assert search(publisher="talence").total == 0


def test_by_words_without_accents_case_or_operators(add):
    add("État civil", "communes/talence", role="Actes de naissance")
    for wanted in ("etat CIVIL", "état", "naiss", "talence actes", "etat-civil"):
        assert titles(wanted, publisher="talence") == ["État civil"], wanted
    for wanted in ("etat bordeaux", "AND", "* ( )", '"', "-"):
        assert titles(wanted, publisher="talence") == [], wanted


def test_by_procedure_with_its_title(add):
    add("Guichet", "communes/talence", procedures=("inscription-ecole",))
    assert titles(procedure="inscription-ecole") == ["Guichet"]
    assert titles("inscrire enfant") == ["Guichet"]
    assert titles(procedure="unknown") == []


def test_for_a_commune_its_own_the_cub_s_and_national_ones(add):
    add("Piscine T", "communes/talence")
    add("Piscine B", "communes/begles")
    add("Piscine C", "cub")
    add("Piscine N", "communes/begles", scope="national")
    assert titles("piscine", commune="talence") == [
        "Piscine C",
        "Piscine N",
        "Piscine T",
    ]


def test_drafts_are_for_nobody_and_what_is_retracted_is_gone(add):
    item = add("Bureau", "communes/talence", publish=False)
    with api.env.adopt_roles(["Manager"]):
        assert titles("bureau") == []
        api.content.transition(item, "publish")
        assert titles("bureau") == ["Bureau"]
        api.content.transition(item, "retract")
        assert titles("bureau") == []


def test_one_page_at_a_time(add):
    for number in range(25):
        add(f"Salle {number:02}", "communes/talence")
    first = search("salle")
    assert (len(first.cards), first.total) == (20, 25)
    assert first.next_start == 20 and first.previous_start is None
    second = search("salle", start=20)
    assert second.cards[0].title == "Salle 20"
    assert second.next_start is None and second.previous_start == 0


def test_cards_say_what_lists_show(add):
    add("Guichet", "communes/talence", phone="39 39", role="Accueil", example=True)
    (card,) = search("guichet").cards
    assert (card.phone, card.phone_url, card.subtitle) == (
        "39 39",
        "tel:3939",
        "Accueil",
    )
    assert card.publisher == "talence" and card.example and not card.national


def test_a_contact_outlives_its_procedure(add, portal):
    item = add("Guichet", "communes/talence", procedures=("passeport",))
    api.portal.set_registry_record(
        RECORD,
        '[{"id": "t", "title": "T", "procedures": [{"id": "p", "title": "P", '
        '"summary": "", "whom": "", "link": "", "papers": []}]}]',
    )
    assert titles(procedure="passeport")
    item.reindexObject()
    assert item.procedures == ("passeport",)
    assert titles("guichet") == ["Guichet"]


@pytest.mark.parametrize("name", ["role", "service", "note", "address"])
def test_fields_of_an_older_object_may_be_missing(add, name):
    item = add("Guichet", "communes/talence")
    item.__dict__.pop(name, None)
    item.reindexObject()
    assert titles("guichet") == ["Guichet"]
