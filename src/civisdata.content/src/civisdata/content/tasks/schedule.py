"""When a task runs: the nightly hour, and the waits between attempts."""

from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo


PARIS = ZoneInfo("Europe/Paris")

#: Attempts at a task, those that ended with the server's death included.
MAX_ATTEMPTS = 8
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 900.0


def last_due(hour: int, now: float) -> datetime:
    """Return the last moment (UTC) at which it was ``hour`` o'clock in Paris.

    ``now``: seconds since 1970. An hour that a night has twice counts once, one that a
    night doesn't have is taken as the hour after it.
    """
    here = datetime.fromtimestamp(now, PARIS)
    due = here.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if due.timestamp() > now:
        due = (due - timedelta(days=1)).replace(hour=hour, fold=0)
    return datetime.fromtimestamp(due.timestamp(), UTC)


def nightly_id(name: str, due: datetime) -> str:
    """Return the id of a nightly task's run: one for each night, on all servers."""
    return f"{name}-{due.astimezone(PARIS):%Y-%m-%d}"


def wait_after(attempts: int) -> float:
    """Return the seconds to wait after so many failed attempts (from 1 on)."""
    return min(_FIRST_WAIT * 4 ** (attempts - 1), _LONGEST_WAIT)
