"""When tasks run, with clocks of any day."""

from civisdata.content.tasks.schedule import last_due
from civisdata.content.tasks.schedule import MAX_ATTEMPTS
from civisdata.content.tasks.schedule import nightly_id
from civisdata.content.tasks.schedule import PARIS
from civisdata.content.tasks.schedule import wait_after
from datetime import datetime
from datetime import timedelta
from datetime import UTC
import pytest


def at(text: str) -> float:
    """Seconds since 1970 of a time in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


@pytest.mark.parametrize(
    "hour,now,due",
    [
        (3, "2026-11-24 03:00", "2026-11-24T02:00:00"),
        (3, "2026-11-24 02:59", "2026-11-23T02:00:00"),
        (3, "2026-11-24 23:59", "2026-11-24T02:00:00"),
        (0, "2026-01-01 00:00", "2025-12-31T23:00:00"),
        (23, "2026-01-01 00:30", "2025-12-31T22:00:00"),
        # summer
        (3, "2026-07-14 12:00", "2026-07-14T01:00:00"),
        # the night without 2 o'clock (29 March 2026): an hour later
        (2, "2026-03-29 12:00", "2026-03-29T01:00:00"),
        (2, "2026-03-29 01:59", "2026-03-28T01:00:00"),
        # the night with 2 o'clock twice (25 October 2026): the first one
        (2, "2026-10-25 12:00", "2026-10-25T00:00:00"),
    ],
)
def test_last_due(hour, now, due):
    assert last_due(hour, at(now)).replace(tzinfo=None).isoformat() == due


@pytest.mark.parametrize("hour", [0, 2, 3, 23])
def test_each_night_of_three_years_has_its_run_and_only_one(hour):
    moment, end = at("2026-01-01 12:00"), at("2029-01-01 12:00")
    ids = []
    while moment < end:
        due = last_due(hour, moment)
        assert due.timestamp() <= moment < due.timestamp() + 25 * 3600
        task_id = nightly_id("mow", due)
        if not ids or ids[-1] != task_id:
            ids.append(task_id)
        moment += 3600 * 5
    assert len(ids) == len(set(ids))
    first, last = (datetime.fromisoformat(ids[place][4:]) for place in (0, -1))
    assert last - first == timedelta(days=len(ids) - 1)


def test_the_id_names_the_night_in_paris():
    due = datetime(2026, 7, 13, 22, 0, tzinfo=UTC)
    assert nightly_id("mow", due) == "mow-2026-07-14"


def test_waits_grow_to_a_limit():
    waits = [wait_after(number) for number in range(1, MAX_ATTEMPTS + 1)]
    assert waits[:3] == [2, 8, 32]
    assert waits == sorted(waits)
    assert waits[-1] == 900
