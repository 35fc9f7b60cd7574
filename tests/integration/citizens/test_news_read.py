"""What a citizen has read: a moment and a bounded number of marks, no UID in clear."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.newsread import marks
from civisdata.content.citizens.newsread.marks import COUNTED
from civisdata.content.citizens.newsread.marks import LIMIT
from civisdata.content.citizens.newsread.marks import mark_all_read
from civisdata.content.citizens.newsread.marks import mark_read
from civisdata.content.citizens.newsread.marks import Reading
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.news.feed_index import order_of
from helpers.people import person
import pickle
import pytest


NOW = 1_790_000_000


@pytest.fixture
def space(portal):
    space = register(get_spaces(portal), person(), with_mail=False)
    need_account(space).activated = float(NOW)
    return space


@pytest.fixture
def uids(monkeypatch):
    """A feed of 300 news, one an hour, newest first; UID by place."""
    places = {
        order_of(NOW + (300 - number) * 3600, number): f"uid{number:03}"
        for number in range(300)
    }
    monkeypatch.setattr(marks, "uid_at", places.__getitem__)
    return places


def seconds(number: int) -> int:
    return NOW + (300 - number) * 3600


def read(space, uids, number: int) -> bool:
    return mark_read(space, f"uid{number:03}", seconds(number), iter(uids))


def test_a_newcomer_has_the_news_of_the_last_month_to_read(space):
    reading = Reading(space)
    assert not reading.is_read("uid", NOW - 29 * 86400)
    assert reading.is_read("uid", NOW - 31 * 86400)
    assert space._news_read is None


def test_a_space_that_was_never_activated_has_all_to_read(portal):
    space = register(get_spaces(portal), person(email="b@exemple.fr"), with_mail=False)
    assert not Reading(space).is_read("uid", 1)


def test_an_item_is_read_once_it_was_opened(space, uids):
    assert read(space, uids, 3)
    assert not read(space, uids, 3)
    reading = Reading(space)
    assert reading.is_read("uid003", seconds(3))
    assert not reading.is_read("uid004", seconds(4))
    assert reading.count(list(uids)[:10]) == 9


def test_many_unread_ones_are_not_all_counted(space, uids):
    def places():
        for number, place in enumerate(uids):
            assert number <= COUNTED
            yield place

    assert Reading(space).count(places()) == COUNTED + 1


def test_all_read_forgets_the_marks_and_never_goes_back(space, uids):
    read(space, uids, 1)
    mark_all_read(space, seconds(5))
    stored = space._news_read
    assert (stored.until, stored.marks) == (seconds(5), b"")
    assert Reading(space).count(uids) == 5
    mark_all_read(space, seconds(200))
    assert stored.until == seconds(5)


def test_the_marks_are_bounded_and_the_newest_stay_as_they_were(space, uids):
    unread = {7, 50}
    for number in range(LIMIT + 10):
        if number not in unread:
            read(space, uids, number)
            assert len(space._news_read.marks) <= LIMIT * 8
    reading = Reading(space)
    left = [uids[place] for place in reading.unread(uids)]
    assert left == ["uid007", "uid050"]
    assert len(pickle.dumps(space._news_read)) < LIMIT * 8 + 200


def test_marks_of_news_that_are_no_longer_chosen_go_when_there_are_too_many(
    space, uids
):
    for number in range(LIMIT):
        mark_read(space, f"gone{number}", seconds(0), iter(()))
    assert mark_read(space, "uid000", seconds(0), iter(list(uids)[:3]))
    reading = Reading(space)
    assert len(reading.marks) == 1
    assert reading.is_read("uid000", seconds(0))
    assert not reading.is_read("uid001", seconds(1))


def test_what_is_stored_names_no_item_and_differs_between_spaces(portal, space, uids):
    read(space, uids, 3)
    other = register(get_spaces(portal), person(email="b@exemple.fr"), with_mail=False)
    need_account(other).activated = clock.now()
    mark_read(other, "uid003", clock.now() + 60, iter(uids))
    assert b"uid003" not in pickle.dumps(space._news_read)
    assert space._news_read.marks != other._news_read.marks
    assert len(space._news_read.marks) == 8


def test_a_space_of_before_has_no_attribute(space):
    assert "_news_read" not in space.__dict__
    assert Reading(space).marks == []
