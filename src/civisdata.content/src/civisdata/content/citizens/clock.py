"""The time, which tests may move."""

from collections.abc import Callable
import time


_source: Callable[[], float] = time.time


def now() -> float:
    """Return the time in seconds since 1970."""
    return _source()


def set_source(source: Callable[[], float]) -> Callable[[], float]:
    """Take the time from ``source``; return the former one."""
    global _source
    former, _source = _source, source
    return former
