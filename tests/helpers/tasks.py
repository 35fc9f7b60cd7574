"""Tasks for tests: registered for a while, their queue in a file of their own."""

from civisdata.content.tasks.interfaces import ITask
from civisdata.content.tasks.registry import Task
from collections.abc import Callable
from zope.component import getGlobalSiteManager
import threading
import time


class Registered:
    """Registers functions as tasks; ``close`` takes them away again."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []

    def __call__(self, name: str, function: Callable, **options) -> Task:
        task = Task(function, name, **options)
        getGlobalSiteManager().registerUtility(task, ITask, name)
        self._tasks.append(task)
        return task

    def close(self) -> None:
        for task in self._tasks:
            getGlobalSiteManager().unregisterUtility(task, ITask, task.name)


def in_a_thread(function: Callable[[], None]) -> None:
    """Call a function as a worker does: in a thread, with its own transaction."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            function()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def wait_for(condition: Callable, seconds: float = 120):
    """Return what ``condition`` gives once it is something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it didn't happen"
        time.sleep(0.1)
    return found
