"""The queue of this process: huey with the table of tasks beside it.

``CIVIS_TASKS`` names where it lies: a file, or PostgreSQL by a libpq connection string
(``host=… dbname=…`` or ``postgresql://…``).
"""

from civisdata.content.tasks.errors import QueueError
from civisdata.content.tasks.storage import NAME
from civisdata.content.tasks.storage import PostgresqlTasks
from civisdata.content.tasks.storage import SqliteTasks
from civisdata.content.tasks.store import TaskStore
from collections.abc import Callable
from huey import Huey
from pathlib import Path
import logging
import os
import threading


logger = logging.getLogger("civisdata.tasks")
# It logs messages of exceptions, and each task twice.
logging.getLogger("huey").setLevel(logging.ERROR)


class TaskQueue:
    """Delivers ids of tasks to whoever works; ``run`` is set by a worker."""

    def __init__(self, where: str) -> None:
        self.storage = _storage(where)
        self.store = TaskStore(self.storage)
        self.huey = Huey(NAME, results=False, storage_class=lambda name: self.storage)
        self.run: Callable[[str], None] | None = None
        self._message = self.huey.task(name="run")(self._deliver)

    def _deliver(self, task_id: str) -> None:
        if self.run is not None:
            self.run(task_id)

    def send(self, task_id: str, delay: float = 0) -> None:
        """Have a worker look at this task, now or in ``delay`` seconds."""
        if delay:
            self._message.schedule(args=(task_id,), delay=delay)
        else:
            self._message(task_id)

    def close(self) -> None:
        self.storage.end_work()
        self.storage.close()


def _storage(where: str) -> SqliteTasks | PostgresqlTasks:
    if not where:
        raise QueueError("CIVIS_TASKS isn't set: the file or database of the queue.")
    if "=" in where or where.startswith(("postgresql://", "postgres://")):
        return PostgresqlTasks(where)
    return SqliteTasks(Path(where))


_queues: dict[str, TaskQueue] = {}
_lock = threading.Lock()


def get_queue() -> TaskQueue:
    """Return the queue that CIVIS_TASKS names, opened at the first call; QueueError."""
    where = os.environ.get("CIVIS_TASKS", "")
    with _lock:
        if where not in _queues:
            _queues[where] = TaskQueue(where)
        return _queues[where]
