"""Turns at slow work: one citizen has few at a time, in all processes of a machine.

Drawing pages, office files, reading scans, photographs and archives take seconds and a
thread of the server each. A turn is an advisory lock on a file that is named by a hash,
on tmpfs beside the sessions: the kernel lets go of it where a process dies, and nothing
is written to the database. Who has none to spare is refused at once, not kept waiting:
waiting would take the threads that are to stay free.
"""

from civisdata.content.citizens.current import current_session
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
import fcntl
import hashlib
import logging
import os
import threading
import weakref


logger = logging.getLogger("civisdata.vault")

#: Turns of one citizen at a time, and seconds after which to ask again.
MOST = 2
RETRY_AFTER = 2
_TRIES = 20
#: Work that is part of work that has its turn takes no second one.
_local = threading.local()


class TooManyJobs(Exception):
    """This citizen has as many slow jobs running as may be."""


class Turns:
    """Turns kept in a folder that all processes share."""

    def __init__(self, folder: str | os.PathLike, most: int = MOST) -> None:
        self.folder = Path(folder)
        self.most = most

    def take(self, who: str) -> Callable[[], None]:
        """Take a turn; give what ends it, once. TooManyJobs.

        Where the folder can't be written to, nobody is held up: the limits of each
        process are left.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            name = hashlib.sha256(f"civisdata turn\0{who}".encode()).hexdigest()
            for number in range(self.most):
                path = self.folder / f"{name}-{number}"
                descriptor = _lock(path)
                if descriptor is not None:
                    return _once(path, descriptor)
        except OSError as error:
            logger.error("turns: %s", type(error).__name__)
            return lambda: None
        raise TooManyJobs


def _lock(path: Path) -> int | None:
    """Lock a file that nobody else has locked and that is still there, or None."""
    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if isinstance(error, BlockingIOError):
                return None
            raise
        # Whoever had it may have removed it between the two steps.
        with suppress(FileNotFoundError):
            if os.stat(path).st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)
    return None


def _once(path: Path, descriptor: int) -> Callable[[], None]:
    lock, left = threading.Lock(), [descriptor]

    def end() -> None:
        with lock:
            if left:
                # Removed while it is locked: nobody else's is taken away.
                path.unlink(missing_ok=True)
                os.close(left.pop())

    return end


def turns() -> Turns:
    """Give the turns of this machine."""
    where = os.environ.get("CIVIS_SESSIONS", "")
    if not where.startswith("/"):
        where = os.environ.get("TMPDIR", "/dev/shm")  # noqa: S108
    return Turns(Path(where) / "turns")


def take_turn(holder) -> Callable[[], object]:
    """Take a turn for the citizen of this request; it ends with ``holder`` at the latest.

    Gives what ends it before. TooManyJobs. Nobody else (staff, tasks) takes turns.
    """
    session = current_session()
    if session is None:
        return lambda: None
    return weakref.finalize(holder, turns().take(session.user_id))


@contextmanager
def turn() -> Iterator[None]:
    """Have a turn of the request's citizen while slow work is done; TooManyJobs."""
    session = current_session()
    if session is None or getattr(_local, "has_turn", False):
        yield
        return
    end = turns().take(session.user_id)
    _local.has_turn = True
    try:
        yield
    finally:
        _local.has_turn = False
        end()
