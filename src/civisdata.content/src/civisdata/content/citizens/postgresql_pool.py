"""A few connections to PostgreSQL for small statements outside the object database."""

from civisdata.content.citizens.sessions import StoreDown
from collections.abc import Callable
from contextlib import suppress
from queue import Empty
from queue import LifoQueue
from typing import Any
import psycopg2
import threading


class Pool:
    """Connections in autocommit mode, at most ``size`` kept when idle.

    ``table`` is run once, before the first statement. A connection that breaks is
    thrown away and the statement is tried once more on a new one: only statements that
    may be run twice are given to it. Raises StoreDown.
    """

    def __init__(self, dsn: str, table: str, size: int = 4) -> None:
        self._dsn = dsn
        self._table = table
        self._idle: LifoQueue = LifoQueue(size)
        self._ready = False
        self._lock = threading.Lock()

    def _connect(self):
        connection = psycopg2.connect(
            self._dsn,
            connect_timeout=3,
            options="-c statement_timeout=3000",
            application_name="civisdata",
        )
        connection.autocommit = True
        with self._lock:
            if not self._ready:
                with connection.cursor() as cursor:
                    # Two processes may make it at once: one at a time.
                    cursor.execute("SELECT pg_advisory_lock(726001)")
                    try:
                        cursor.execute(self._table)
                    finally:
                        cursor.execute("SELECT pg_advisory_unlock(726001)")
                self._ready = True
        return connection

    def _take(self):
        with suppress(Empty):
            return self._idle.get_nowait(), True
        return self._connect(), False

    def _give(self, connection) -> None:
        if self._idle.full():
            connection.close()
        else:
            self._idle.put(connection)

    def _do(self, work: Callable[[Any], Any]) -> Any:
        while True:
            try:
                connection, used_before = self._take()
            except psycopg2.Error as error:
                raise StoreDown("PostgreSQL can't be reached") from error
            try:
                with connection.cursor() as cursor:
                    result = work(cursor)
            except psycopg2.Error as error:
                broken = connection.closed
                connection.close()
                if broken and used_before:
                    continue
                raise StoreDown(type(error).__name__) from error
            self._give(connection)
            return result

    def run(self, sql: str, values: tuple = ()) -> int:
        """Run a statement; return how many rows it touched."""

        def work(cursor) -> int:
            cursor.execute(sql, values)
            return cursor.rowcount

        return self._do(work)

    def rows(self, sql: str, values: tuple = ()) -> list[tuple]:
        """Run a query; return its rows."""

        def work(cursor) -> list[tuple]:
            cursor.execute(sql, values)
            return cursor.fetchall()

        return self._do(work)

    def close(self) -> None:
        """Close the idle connections."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()
