"""A circuit breaker: a service that fails is left alone for a while.

Each call runs in a thread of its own, because a client library may wait longer than it
was told (libldap 2.5 with GnuTLS never ends a TLS handshake with a frozen server).
"""

from collections.abc import Callable
from typing import TypeVar
import threading
import time


Result = TypeVar("Result")


class Unavailable(Exception):
    """The service did not answer, or is not asked because it failed just now."""


class _Outcome:
    """What a call in another thread came to."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.value = None
        self.error: BaseException | None = None


class Breaker:
    """Opens at a failure; after ``pause`` seconds one caller may try again.

    A call that takes longer than ``deadline`` seconds has failed; its thread is left
    to end by itself. At most ``concurrent`` of them exist, so that a service that hangs
    holds neither the threads of the server nor ever more of others; a further caller
    waits ``patience`` seconds at most. One for a process, for all its threads.
    """

    def __init__(
        self,
        pause: float = 10.0,
        deadline: float = 2.0,
        concurrent: int = 4,
        patience: float = 0.25,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pause = pause
        self.deadline = deadline
        self.patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(concurrent)
        self._open_until: float | None = None
        self._reason = ""
        self._trying = False

    @property
    def reason(self) -> str:
        """Why the last call failed; empty when it did not."""
        return self._reason

    @property
    def is_open(self) -> bool:
        """Whether a call now would be refused without asking."""
        with self._lock:
            return self._refuses()

    def _refuses(self) -> bool:
        if self._open_until is None:
            return False
        return self._trying or self._clock() < self._open_until

    def _enter(self) -> None:
        with self._lock:
            if self._refuses():
                raise Unavailable(self._reason)
            if self._open_until is not None:
                self._trying = True

    def _leave(self, reason: str) -> None:
        with self._lock:
            self._trying = False
            self._reason = reason
            self._open_until = self._clock() + self.pause if reason else None

    def call(
        self, function: Callable[[], Result], failures: tuple[type[Exception], ...]
    ) -> Result:
        """Return ``function()``; raise ``Unavailable`` when it fails or is not asked.

        ``failures`` are the exceptions that mean that the service is at fault; any
        other one passes and leaves the breaker closed.
        """
        if self.is_open:
            raise Unavailable(self._reason)
        if not self._slots.acquire(timeout=self.patience):
            raise Unavailable("too many questions at once")
        try:
            self._enter()
        except Unavailable:
            self._slots.release()
            raise
        reason = ""
        try:
            outcome = self._run(function)
            if outcome.error is None:
                return outcome.value
            raise outcome.error
        except (TimeoutError, *failures) as error:
            reason = describe(error)
            raise Unavailable(reason) from error
        finally:
            self._leave(reason)

    def _run(self, function: Callable[[], Result]) -> _Outcome:
        outcome = _Outcome()

        def work() -> None:
            try:
                outcome.value = function()
            except BaseException as error:
                outcome.error = error
            finally:
                self._slots.release()
                outcome.done.set()

        threading.Thread(target=work, name="civisdata-ldap", daemon=True).start()
        if not outcome.done.wait(self.deadline):
            raise TimeoutError(f"no answer within {self.deadline:g} s")
        return outcome


def describe(error: Exception) -> str:
    """Return what an exception says in one line; of LDAP's, its description."""
    first = error.args[0] if error.args else ""
    if isinstance(first, dict):
        text = "; ".join(str(first[key]) for key in ("desc", "info") if first.get(key))
    else:
        text = str(first)
    name = type(error).__name__
    return f"{name}: {' '.join(text.split())}" if text else name
