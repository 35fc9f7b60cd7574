"""Changes to the age brackets: ids stay, limits change."""

from civisdata.content.news.ages import Ages
from civisdata.content.news.vocabularies.age_changes import BadAges
from civisdata.content.news.vocabularies.age_changes import changed
from civisdata.content.news.vocabularies.age_changes import Wish
import pytest


START = Ages({"a": 15, "b": 30}, {"z": 50})


def test_a_limit_changes_and_the_id_stays():
    assert changed(START, [Wish("a", 16, True)]) == Ages({"b": 30, "a": 16}, {"z": 50})


def test_a_retired_bracket_keeps_the_limit_it_had_and_may_come_back():
    found = changed(START, [Wish("b", 99, False)])
    assert found == Ages({"a": 15}, {"z": 50, "b": 30})
    assert changed(found, [Wish("b", 31, True)]).offered == {"a": 15, "b": 31}


def test_a_new_bracket_gets_an_id_that_was_never_used():
    found = changed(Ages({"a": 15}, {"from-60": 61}), [], 60)
    assert found.offered == {"a": 15, "from-60-2": 60}


@pytest.mark.parametrize(
    "wishes,added",
    [
        ([Wish("a", None, True)], None),
        ([Wish("a", 121, True)], None),
        ([Wish("a", 30, True)], None),
        ([Wish("z", 30, True)], None),
        ([], 15),
        ([], 121),
        ([Wish("a", 1, False), Wish("b", 1, False)], None),
    ],
)
def test_what_cannot_be_is_refused(wishes, added):
    with pytest.raises(BadAges):
        changed(START, wishes, added)


def test_there_are_not_more_than_can_be_looked_over():
    full = Ages({f"a{number}": number for number in range(12)})
    with pytest.raises(BadAges):
        changed(full, [], 100)
