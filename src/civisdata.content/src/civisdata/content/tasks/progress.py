"""What a running task tells: how far it is."""

from civisdata.content.tasks.errors import Stopping
from collections.abc import Callable


class Progress:
    """Called by a task between its steps, after it has committed: ``progress(3, 10)``.

    Raises Stopping when the server is about to end: the task is run again at the next
    start. So a task that takes long has to go on where its last commit was.
    """

    def __init__(
        self, report: Callable[[int, int], None], stopping: Callable[[], bool]
    ) -> None:
        self._report = report
        self._stopping = stopping
        self._shown: tuple[int, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` are done (``total`` 0: not known)."""
        percent = 100 * done // total if total else done
        if self._shown != (percent, total):
            self._shown = (percent, total)
            self._report(done, total)
        if self._stopping():
            raise Stopping()
