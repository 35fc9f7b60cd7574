"""Work: threads that run tasks, and one that looks after the table."""

from civisdata.content.tasks.planner import look_after
from civisdata.content.tasks.queue import TaskQueue
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.surroundings import Place
from collections.abc import Callable
from huey.consumer import Consumer
from huey.consumer import ConsumerStopped
from huey.consumer import Scheduler
import logging
import secrets
import threading
import time


logger = logging.getLogger("civisdata.tasks")

#: Tasks at a time: a long one of the night leaves room for one that somebody awaits.
THREADS = 2


class _Scheduler(Scheduler):
    """Huey's scheduler; calls ``look_after`` each minute, the first time at once."""

    def __init__(self, look_after: Callable[[], None], **options) -> None:
        super().__init__(**options)
        self._look_after = look_after

    def enqueue_periodic_tasks(self, now) -> None:
        try:
            self._look_after()
        except Exception as error:
            logger.error("looking after tasks failed: %s", type(error).__name__)


class _Consumer(Consumer):
    """Huey's consumer in threads of a process that has signal handlers of its own."""

    def __init__(self, look_after: Callable[[], None], huey, **options) -> None:
        self._look_after = look_after
        super().__init__(huey, **options)

    def _create_scheduler(self) -> _Scheduler:
        return _Scheduler(
            self._look_after,
            huey=self.huey,
            stop_flag=self.stop_flag,
            interval=self.scheduler_interval,
            periodic=True,
        )

    def _set_signal_handlers(self) -> None:
        pass

    @property
    def threads(self) -> list[threading.Thread]:
        return [self.scheduler, *(thread for _, thread in self.worker_threads)]


class Worker:
    """Works on a queue until it is stopped; QueueError where that isn't possible."""

    def __init__(self, queue: TaskQueue, place: Place) -> None:
        self._queue = queue
        self._id = secrets.token_hex(8)
        self._stop = threading.Event()
        queue.storage.begin_work(self._id)
        self._runner = Runner(queue, place, self._id, self._stop.is_set)
        queue.run = self._runner
        self._consumer = _Consumer(
            self._look_after, queue.huey, workers=THREADS, max_delay=1.0
        )
        self._thread = threading.Thread(target=self._loop, name="tasks", daemon=True)

    def _look_after(self) -> None:
        self._queue.storage.begin_work(self._id)
        look_after(self._queue, time.time(), self._id, self._runner.active)

    def start(self) -> None:
        self._thread.start()

    def _loop(self) -> None:
        self._consumer.start()
        checked = time.monotonic()
        while True:
            try:
                checked = self._consumer.loop(checked)
            except ConsumerStopped:
                return

    def stop(self, seconds: float) -> bool:
        """Take no more tasks and let the running steps end; False where one doesn't.

        What is then still running is undone with the process, and run again.
        """
        self._stop.set()
        self._consumer.stop_flag.set()
        deadline = time.monotonic() + seconds
        threads = [self._thread, *self._consumer.threads]
        for thread in threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))
        ended = not any(thread.is_alive() for thread in threads)
        if ended:
            self._queue.close()
        return ended
