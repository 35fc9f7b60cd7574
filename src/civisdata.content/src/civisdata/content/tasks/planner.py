"""What has to be looked after once a minute, whoever does it."""

from civisdata.content.tasks.queue import TaskQueue
from civisdata.content.tasks.registry import nightly_tasks
from civisdata.content.tasks.schedule import last_due
from civisdata.content.tasks.schedule import nightly_id
from civisdata.content.tasks.store import DONE
from civisdata.content.tasks.store import FAILED
from collections.abc import Collection
import logging


logger = logging.getLogger("civisdata.tasks")

_DAY = 86400
#: Seconds for which the list keeps what ended.
KEEP_DONE = 30 * _DAY
KEEP_FAILED = 90 * _DAY
#: Seconds after which a transaction isn't about to commit any more.
COMMIT_TIMEOUT = 3600
_SINCE = "nightly-since"


def look_after(
    queue: TaskQueue, now: float, worker: str, active: Collection[str] = ()
) -> None:
    """Plan the nightly tasks, take over from dead workers, forget what is old.

    ``worker`` is who asks, ``active`` the ids of what it is really running.
    """
    store = queue.store
    for other in store.workers():
        if other == worker or not queue.storage.is_alive(other):
            count = store.recover(other, now, active)
            if count:
                logger.warning("%d tasks were cut off, and are run again", count)
    plan_nightly(queue, now)
    store.give_up_prepared(now - COMMIT_TIMEOUT, now)
    store.purge(DONE, now - KEEP_DONE)
    store.purge(FAILED, now - KEEP_FAILED)
    # Messages may have been lost with a server; where there are none, send them again.
    if not queue.huey.pending_count():
        for task_id in store.due(now):
            queue.send(task_id)


def plan_nightly(queue: TaskQueue, now: float) -> None:
    """Enqueue the nightly tasks whose hour has come, be it while no server was up."""
    for task in nightly_tasks():
        due = last_due(task.hour, now)
        if due.timestamp() < _since(queue, task.name, now):
            continue
        task_id = nightly_id(task.name, due)
        if queue.store.plan(task_id, task.name, now):
            queue.send(task_id)


def _since(queue: TaskQueue, name: str, now: float) -> float:
    """Return when this nightly task was first known here: not due before."""
    key = f"{_SINCE}-{name}"
    queue.storage.put_if_empty(key, repr(now).encode())
    return float(bytes(queue.storage.peek_data(key)))
