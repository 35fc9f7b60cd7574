"""Changes to the list of topics: ids stay, titles and places change."""

from civisdata.content.news.vocabularies.changes import BadTopics
from civisdata.content.news.vocabularies.changes import changed
from civisdata.content.news.vocabularies.changes import MOST
from civisdata.content.news.vocabularies.changes import new_id
from civisdata.content.news.vocabularies.changes import Topics
from civisdata.content.news.vocabularies.changes import Wish
import pytest


START = Topics({"a": "Alpha", "b": "Beta"}, {"z": "Zeta"})


def test_renaming_and_ordering_keep_the_ids():
    found = changed(
        START, [Wish("a", " Premier  sujet ", 2, True), Wish("b", "B", 1, True)]
    )
    assert list(found.offered.items()) == [("b", "B"), ("a", "Premier sujet")]
    assert dict(found.retired) == {"z": "Zeta"}


def test_a_retired_topic_keeps_its_id_and_may_come_back():
    found = changed(START, [Wish("a", "Alpha", 1, False)])
    assert list(found.offered) == ["b"] and set(found.retired) == {"a", "z"}
    again = changed(found, [Wish("a", "Alpha", 9, True)])
    assert list(again.offered) == ["b", "a"]


def test_the_id_of_a_retired_topic_is_not_used_again():
    found = changed(Topics({"a": "Alpha"}, {"plage": "Plages"}), [], "Plage")
    assert found.offered["plage-2"] == "Plage"
    assert found.retired["plage"] == "Plages"


@pytest.mark.parametrize(
    "title,id",
    [("Élections & fêtes", "elections-fetes"), ("日本", "ri-ben"), ("!?", "sujet")],
)
def test_ids_are_made_of_the_title(title, id):
    assert new_id(title, {}) == id


def test_wishes_for_unknown_topics_are_nothing():
    assert changed(START, [Wish("x", "X", 1, True)]).offered == START.offered


@pytest.mark.parametrize(
    "wishes,added",
    [
        ([Wish("a", " \n ", 1, True)], ""),
        ([Wish("a", "x" * 81, 1, True)], ""),
        ([Wish("a", "beta", 1, True)], ""),
        ([], "BETA"),
        ([Wish("a", "A", 1, False), Wish("b", "B", 1, False)], ""),
    ],
)
def test_what_cannot_be_is_refused(wishes, added):
    with pytest.raises(BadTopics):
        changed(START, wishes, added)


def test_there_is_an_end_to_the_list():
    many = Topics({str(number): f"T{number}" for number in range(MOST)})
    with pytest.raises(BadTopics):
        changed(many, [], "Un de trop")
