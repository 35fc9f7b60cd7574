"""Failed log-ins slow further ones down, for who fails and for nobody else.

Three counters see each failure: log-in name and address together, the address, and its
network. Each forgives a failure after some time, lets some pass freely, and then makes
one wait, longer with each failure. A counter that names a log-in names the address
too, so that nobody can lock a person out from elsewhere.
"""

from collections.abc import Callable
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from ipaddress import ip_network
from pathlib import Path
from typing import Protocol
import hashlib
import logging
import os
import sqlite3


logger = logging.getLogger(__name__)

#: Counters kept at most; the ones that failed longest ago go first.
MAXIMUM_ROWS = 200_000
_KEPT_SECONDS = 86400
#: How long to wait while the counters can't be read: nobody gets in uncounted.
_DOWN_SECONDS = 30.0


@dataclass(frozen=True)
class Rule:
    """``free`` failures at once; then ``first`` s, doubled up to ``longest``.

    A failure is forgiven after ``forgive`` seconds.
    """

    free: int
    forgive: float
    first: float
    longest: float

    def left(self, count: float, elapsed: float) -> float:
        """Return what is left of ``count`` failures after ``elapsed`` seconds."""
        return max(0.0, count - elapsed / self.forgive)

    def wait(self, count: float, elapsed: float) -> float:
        """Return how many seconds to wait still, after ``count`` failures."""
        over = round(count) - self.free
        if over < 0:
            return 0.0
        delay = min(self.longest, self.first * 2.0 ** min(over, 30))
        return max(0.0, delay - elapsed)


RULES = {
    "pair": Rule(free=5, forgive=1800, first=15, longest=900),
    "address": Rule(free=20, forgive=60, first=15, longest=900),
    "network": Rule(free=100, forgive=6, first=2, longest=60),
    # Codes of six digits of one account, from wherever (see ``secondfactor.slowing``).
    "second": Rule(free=10, forgive=3600, first=60, longest=3600),
}


class CounterStore(Protocol):
    """Where the counters are; the key is a hash. OSError where it is out of reach."""

    def get(self, keys: list[str]) -> dict[str, tuple[float, float]]:
        """Return count and time of the last failure, by key."""

    def put(self, key: str, count: float, last: float) -> None: ...

    def remove(self, key: str) -> None: ...

    def purge(self, before: float, maximum: int) -> None: ...


def networks(client: str) -> tuple[str, str]:
    """Return address and network of a client: /32 and /24, or /64 and /48 for IPv6."""
    try:
        address = ip_address(client)
    except ValueError:
        return "unknown", "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    near, far = (32, 24) if address.version == 4 else (64, 48)
    return (
        str(ip_network(f"{address}/{near}", strict=False)),
        str(ip_network(f"{address}/{far}", strict=False)),
    )


def _keys(login: str, client: str) -> dict[str, str]:
    near, far = networks(client)
    parts = {"pair": (login, near), "address": (near,), "network": (far,)}
    return {kind: _key(kind, *values) for kind, values in parts.items()}


def _key(kind: str, *values: str) -> str:
    text = "\0".join((kind, *values))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class Limiter:
    """Counts failures in a store; ``clock`` gives seconds since 1970."""

    def __init__(self, store: CounterStore, clock: Callable[[], float]) -> None:
        self.store = store
        self.clock = clock
        self._failures = 0

    def wait(self, login: str, client: str) -> float:
        """Return how many seconds to wait before the next attempt; 0.0 for none."""
        return self._wait(_keys(login, client))

    def wait_everywhere(self, kind: str, name: str) -> float:
        """As ``wait``, by the rule ``kind``, whatever address attempts came from."""
        return self._wait({kind: _key(kind, name)})

    def _wait(self, keys: dict[str, str]) -> float:
        try:
            found = self.store.get(list(keys.values()))
        except OSError:
            logger.exception("The counters of failed log-ins can't be read")
            return _DOWN_SECONDS
        now = self.clock()
        return max(
            (
                RULES[kind].wait(found[key][0], now - found[key][1])
                for kind, key in keys.items()
                if key in found
            ),
            default=0.0,
        )

    def failure(self, login: str, client: str) -> None:
        """Count a failed attempt."""
        self._failure(_keys(login, client))

    def failure_everywhere(self, kind: str, name: str) -> None:
        """Count a failed attempt for ``wait_everywhere``."""
        self._failure({kind: _key(kind, name)})

    def _failure(self, keys: dict[str, str]) -> None:
        now = self.clock()
        try:
            found = self.store.get(list(keys.values()))
            for kind, key in keys.items():
                count, last = found.get(key, (0.0, now))
                left = RULES[kind].left(count, now - last)
                self.store.put(key, left + 1, now)
            self._failures += 1
            if self._failures % 100 == 1:
                self.store.purge(now - _KEPT_SECONDS, MAXIMUM_ROWS)
        except OSError:
            logger.exception("A failed log-in can't be counted")

    def success(self, login: str, client: str) -> None:
        """Forgive the failures of this name from this address."""
        try:
            self.store.remove(_keys(login, client)["pair"])
        except OSError:
            logger.exception("Failed log-ins can't be forgiven")


class SqliteCounters:
    """Counters in an SQLite file on tmpfs, shared by the processes of one machine."""

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._cursor() as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS failures"
                " (key TEXT PRIMARY KEY, count REAL NOT NULL, last REAL NOT NULL)"
                " WITHOUT ROWID"
            )
            cursor.execute("CREATE INDEX IF NOT EXISTS by_last ON failures (last)")
        self.path.chmod(0o600)

    @contextmanager
    def _cursor(self):
        try:
            with closing(sqlite3.connect(self.path, timeout=5)) as connection:
                connection.execute("PRAGMA synchronous = OFF")
                with connection:
                    yield connection.cursor()
        except sqlite3.Error as error:
            raise OSError(str(error)) from error

    def get(self, keys: list[str]) -> dict[str, tuple[float, float]]:
        marks = ", ".join("?" for _ in keys)
        with self._cursor() as cursor:
            rows = cursor.execute(
                f"SELECT key, count, last FROM failures WHERE key IN ({marks})",  # noqa: S608
                keys,
            ).fetchall()
        return {key: (count, last) for key, count, last in rows}

    def put(self, key: str, count: float, last: float) -> None:
        with self._cursor() as cursor:
            cursor.execute(
                "INSERT INTO failures VALUES (?, ?, ?) ON CONFLICT (key)"
                " DO UPDATE SET count = excluded.count, last = excluded.last",
                (key, count, last),
            )

    def remove(self, key: str) -> None:
        with self._cursor() as cursor:
            cursor.execute("DELETE FROM failures WHERE key = ?", (key,))

    def purge(self, before: float, maximum: int) -> None:
        with self._cursor() as cursor:
            cursor.execute("DELETE FROM failures WHERE last < ?", (before,))
            cursor.execute(
                "DELETE FROM failures WHERE key IN"
                " (SELECT key FROM failures ORDER BY last DESC LIMIT -1 OFFSET ?)",
                (maximum,),
            )
