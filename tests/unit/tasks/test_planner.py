"""What is looked after each minute, with a moved clock."""

from civisdata.content.tasks import planner
from civisdata.content.tasks.planner import COMMIT_TIMEOUT
from civisdata.content.tasks.planner import KEEP_DONE
from civisdata.content.tasks.planner import look_after
from civisdata.content.tasks.registry import nightly_tasks
from civisdata.content.tasks.schedule import PARIS
from datetime import datetime
import pytest


HOUR, DAY = 3600, 86400
NOON = datetime(2026, 11, 24, 12, tzinfo=PARIS).timestamp()
AT_THREE = NOON + 15 * HOUR


@pytest.fixture(autouse=True)
def mow(register, monkeypatch):
    """The one task of the night, whatever else a test before has loaded."""
    task = register("mow", lambda site, progress: None, hour=3)
    monkeypatch.setattr(planner, "nightly_tasks", lambda: [task])


def look(queue, now, worker="w") -> None:
    look_after(queue, now, worker)


def runs(queue) -> list[str]:
    return sorted(row.id for row in queue.store.page(0, 1000) if row.name == "mow")


def finish(queue, now) -> None:
    """Do what waits, as a worker would."""
    while queue.huey.dequeue() is not None:
        pass
    for task_id in queue.store.due(now):
        queue.store.claim(task_id, "w", now, alone=True)
        queue.store.finish(task_id, "w", now)


def test_a_new_server_does_not_make_up_for_the_night_before(queue):
    look(queue, NOON)
    assert runs(queue) == []


def test_a_nightly_task_is_run_at_its_hour_once(queue):
    look(queue, NOON)
    look(queue, AT_THREE - 1)
    assert runs(queue) == []
    for minute in range(5):
        look(queue, AT_THREE + 60 * minute)
    assert runs(queue) == ["mow-2026-11-25"]
    assert queue.huey.pending_count() == 1
    finish(queue, AT_THREE + 300)
    for minute in (*range(5, 24 * 60, 15), 24 * 60 - 1):
        look(queue, AT_THREE + 60 * minute)
    assert runs(queue) == ["mow-2026-11-25"]
    look(queue, AT_THREE + DAY)
    assert runs(queue) == ["mow-2026-11-25", "mow-2026-11-26"]


def test_a_night_without_a_server_is_made_up_for_at_the_next_start(queue):
    look(queue, NOON)
    look(queue, NOON + 5 * DAY)
    assert runs(queue) == ["mow-2026-11-29"]


def test_a_run_that_takes_longer_than_a_day_is_not_run_beside(queue):
    look(queue, NOON)
    look(queue, AT_THREE)
    (task_id,) = runs(queue)
    queue.store.claim(task_id, "w", AT_THREE, alone=True)
    look_after(queue, AT_THREE + DAY, "w", active={task_id})
    assert runs(queue) == [task_id]
    queue.store.finish(task_id, "w", AT_THREE + DAY + 60)
    look(queue, AT_THREE + DAY + 120)
    assert len(runs(queue)) == 2


def test_two_servers_plan_one_run(queue):
    look(queue, NOON)
    look(queue, AT_THREE)
    look(queue, AT_THREE, worker="another")
    assert len(runs(queue)) == 1


def test_a_dead_servers_task_is_run_again(queue):
    queue.store.prepare([("a", "sow", "{}")], NOON)
    queue.store.release(["a"])
    queue.store.claim("a", "dead", NOON)
    queue.storage.begin_work("w")
    look(queue, NOON + 60)
    assert queue.store.get("a").state == "waiting"
    assert queue.huey.pending_count() == 1


def test_what_runs_here_is_left_alone_and_what_was_lost_here_is_run_again(queue):
    for task_id in ("a", "b"):
        queue.store.prepare([(task_id, "sow", "{}")], NOON)
        queue.store.release([task_id])
        queue.store.claim(task_id, "w", NOON)
    look_after(queue, NOON + 60, "w", active={"a"})
    assert queue.store.get("a").state == "running"
    assert queue.store.get("b").state == "waiting"


def test_a_lost_message_is_sent_again_but_not_piled_up(queue):
    queue.store.prepare([("a", "sow", "{}")], NOON)
    queue.store.release(["a"])
    for minute in range(5):
        look(queue, NOON + 60 * minute)
    assert queue.huey.pending_count() == 1


def test_old_tasks_are_forgotten_and_unsure_ones_shown(queue):
    queue.store.prepare([("a", "sow", "{}"), ("b", "sow", "{}")], NOON)
    queue.store.release(["a"])
    queue.store.claim("a", "w", NOON)
    queue.store.finish("a", "w", NOON)
    look(queue, NOON + COMMIT_TIMEOUT + 1)
    assert queue.store.get("b").error == "CommitUnknown"
    look(queue, NOON + KEEP_DONE + 1)
    assert queue.store.get("a") is None
    assert queue.store.get("b") is not None


def test_what_is_registered_for_the_night_is_found(register, monkeypatch):
    monkeypatch.undo()
    register("sow", lambda site, progress: None)
    names = {task.name for task in nightly_tasks()}
    assert "mow" in names
    assert "sow" not in names
