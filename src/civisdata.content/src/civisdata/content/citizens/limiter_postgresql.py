"""Counters of failed log-ins in an UNLOGGED table of PostgreSQL."""

from civisdata.content.citizens.postgresql_pool import Pool
from civisdata.content.citizens.sessions import StoreDown
from contextlib import contextmanager


_TABLE = """
    CREATE UNLOGGED TABLE IF NOT EXISTS civis_failures (
        key text PRIMARY KEY,
        count double precision NOT NULL,
        last double precision NOT NULL
    );
    CREATE INDEX IF NOT EXISTS civis_failures_last ON civis_failures (last);
"""


@contextmanager
def _as_os_error():
    try:
        yield
    except StoreDown as error:
        raise OSError(str(error)) from error


class PostgresCounters:
    """The table ``civis_failures``, made when it is first needed."""

    def __init__(self, dsn: str) -> None:
        self.pool = Pool(dsn, _TABLE)

    def get(self, keys: list[str]) -> dict[str, tuple[float, float]]:
        with _as_os_error():
            rows = self.pool.rows(
                "SELECT key, count, last FROM civis_failures WHERE key = ANY(%s)",
                (keys,),
            )
        return {key: (count, last) for key, count, last in rows}

    def put(self, key: str, count: float, last: float) -> None:
        with _as_os_error():
            self.pool.run(
                "INSERT INTO civis_failures VALUES (%s, %s, %s) ON CONFLICT (key)"
                " DO UPDATE SET count = excluded.count, last = excluded.last",
                (key, count, last),
            )

    def remove(self, key: str) -> None:
        with _as_os_error():
            self.pool.run("DELETE FROM civis_failures WHERE key = %s", (key,))

    def purge(self, before: float, maximum: int) -> None:
        with _as_os_error():
            self.pool.run("DELETE FROM civis_failures WHERE last < %s", (before,))
            self.pool.run(
                "DELETE FROM civis_failures WHERE key IN"
                " (SELECT key FROM civis_failures ORDER BY last DESC OFFSET %s)",
                (maximum,),
            )
