"""Where the queue and the table of tasks lie: a SQLite file, or PostgreSQL.

Both are huey's storages with our table added, a way to lock a name during a transaction,
and one to know whether a worker is alive.
"""

from civisdata.content.tasks.errors import QueueError
from civisdata.content.tasks.store import SCHEMA
from huey.storage import PostgresStorage
from huey.storage import SqliteStorage
from pathlib import Path
import fcntl
import hashlib
import psycopg


NAME = "civis"
#: Key of the lock under which PostgreSQL's tables are made.
_SCHEMA_LOCK = 0x63697669


class SqliteTasks(SqliteStorage):
    """A file of mode 0600 in a folder of mode 0700; one server at a time works on it."""

    placeholder = "?"

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self._lock_path = path.with_suffix(".lock")
        self._lock_file = None
        self._worker = ""
        super().__init__(NAME, filename=str(path), cache_mb=1)

    def initialize_schema(self) -> None:
        self.ddl = [*self.ddl, *SCHEMA]
        super().initialize_schema()

    def lock_name(self, cursor, name: str) -> None:
        """Each transaction that writes has the whole file."""

    def begin_work(self, worker: str) -> None:
        """Say that ``worker`` is alive from now on; QueueError where another one is."""
        if self._lock_file is None:
            handle = self._lock_path.open("a")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.close()
                raise QueueError(f"another server works on {self.filename}.") from None
            self._lock_file = handle
        self._worker = worker

    def is_alive(self, worker: str) -> bool:
        """Say whether a worker is alive; asked by the one that is."""
        return worker == self._worker

    def end_work(self) -> None:
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None


class PostgresqlTasks(PostgresStorage):
    """Tables in a database that any number of servers work on.

    A living worker holds an advisory lock of its own connection; PostgreSQL drops it
    with the connection, however the worker ended.
    """

    placeholder = "%s"

    def __init__(self, dsn: str) -> None:
        self._life: psycopg.Connection | None = None
        self._worker = ""
        super().__init__(NAME, dsn=dsn, table_prefix="civis_huey")

    def initialize_schema(self) -> None:
        # Servers that start together would make the same tables.
        lock = f"select pg_advisory_xact_lock({_SCHEMA_LOCK})"
        self.ddl = [lock, *self.ddl, *SCHEMA]
        super().initialize_schema()

    def lock_name(self, cursor, name: str) -> None:
        """Let nobody else take a lock of this name until the transaction ends."""
        cursor.run("select pg_advisory_xact_lock(?)", _key(f"name {name}"))

    def begin_work(self, worker: str) -> None:
        """Say that ``worker`` is alive from now on, and again after a lost connection."""
        if self._life is not None and not (self._life.closed or self._life.broken):
            try:
                self._life.execute("select 1")
                return
            except psycopg.OperationalError:
                pass
        self._worker = worker
        self._life = psycopg.connect(self.dsn, autocommit=True)
        # Refused as long as PostgreSQL hasn't noticed the end of the lost connection,
        # which holds the lock: asked again by the next call.
        found = self._life.execute(
            "select pg_try_advisory_lock(%s)", (_key(f"worker {worker}"),)
        ).fetchone()
        if not found[0]:
            self.end_work()

    def is_alive(self, worker: str) -> bool:
        if worker == self._worker:
            return True
        key = _key(f"worker {worker}")
        with self.db() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", (key,))
            (free,) = cursor.fetchone()
            if free:
                cursor.execute("select pg_advisory_unlock(%s)", (key,))
        return not free

    def end_work(self) -> None:
        if self._life is not None:
            self._life.close()
            self._life = None


def _key(text: str) -> int:
    digest = hashlib.sha256(f"civis {text}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
