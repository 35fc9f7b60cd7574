"""Run one task, and write down how it ended."""

from civisdata.content.tasks.errors import Stopping
from civisdata.content.tasks.errors import TemporaryError
from civisdata.content.tasks.errors import UnknownTask
from civisdata.content.tasks.progress import Progress
from civisdata.content.tasks.queue import TaskQueue
from civisdata.content.tasks.registry import get_task
from civisdata.content.tasks.schedule import MAX_ATTEMPTS
from civisdata.content.tasks.schedule import wait_after
from civisdata.content.tasks.store import Row
from civisdata.content.tasks.surroundings import Place
from civisdata.content.tasks.surroundings import portal_of
from collections.abc import Callable
from transaction.interfaces import TransientError
import logging
import psycopg2
import threading
import time
import traceback
import transaction


logger = logging.getLogger("civisdata.tasks")

#: Errors after which the same may succeed a little later.
TEMPORARY = (
    TransientError,
    TemporaryError,
    ConnectionError,
    TimeoutError,
    psycopg2.OperationalError,
)


class Runner:
    """Runs the tasks of a queue as ``worker``, in threads of this process."""

    def __init__(
        self,
        queue: TaskQueue,
        place: Place,
        worker: str,
        stopping: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._queue = queue
        self._place = place
        self._worker = worker
        self._stopping = stopping
        self._clock = clock
        #: Ids of the tasks that are being run.
        self.active: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, task_id: str) -> None:
        """Run a task that waits; nothing where it doesn't (any more)."""
        with self._lock:
            if self._stopping() or task_id in self.active:
                return
            self.active.add(task_id)
        try:
            self._run(task_id)
        finally:
            self.active.discard(task_id)

    def _run(self, task_id: str) -> None:
        store = self._queue.store
        known = store.get(task_id)
        if known is None:
            return
        try:
            task = get_task(known.name)
        except UnknownTask:
            # Perhaps a server of the next version enqueued it: left for that one.
            logger.warning("task %s: %r is not known here", task_id, known.name)
            return
        row = store.claim(
            task_id, self._worker, self._clock(), alone=task.hour is not None
        )
        if row is None:
            return
        try:
            self._work(task, row)
        except Stopping:
            store.give_back(task_id, self._worker)
            logger.info("task %s (%s) goes on at the next start", row.name, task_id)
        except TEMPORARY as error:
            self._try_again(row, error)
        except Exception as error:
            self._failed(row, error)
        else:
            store.finish(task_id, self._worker, self._clock())
            logger.info("task %s (%s) is done", row.name, task_id)

    def _work(self, task, row: Row) -> None:
        def report(done: int, total: int) -> None:
            self._queue.store.progress(row.id, self._worker, done, total)

        progress = Progress(report, self._stopping)
        with portal_of(self._place) as site:
            task(site, progress, **row.values)
            transaction.commit()

    def _try_again(self, row: Row, error: Exception) -> None:
        if row.attempts >= MAX_ATTEMPTS:
            self._failed(row, error)
            return
        wait = wait_after(row.attempts)
        kind = type(error).__name__
        self._queue.store.postpone(row.id, self._worker, kind, self._clock() + wait)
        self._queue.send(row.id, delay=wait)
        logger.warning(
            "task %s (%s): %s, again in %d s", row.name, row.id, kind, int(wait)
        )

    def _failed(self, row: Row, error: Exception) -> None:
        kind = type(error).__name__
        self._queue.store.fail(row.id, self._worker, kind, self._clock())
        # Without the message, which may hold what a citizen wrote.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("task %s (%s) failed: %s\n%s", row.name, row.id, kind, where)
