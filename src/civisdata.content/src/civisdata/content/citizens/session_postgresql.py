"""Sessions in an UNLOGGED table of PostgreSQL: for several application servers.

An UNLOGGED table is neither in the write-ahead log nor in base backups, and is empty
after a crash: everybody logs in again.
"""

from civisdata.content.citizens.postgresql_pool import Pool
from civisdata.content.citizens.sessions import Row


_COLUMNS = "id_hash, user_id, state, created, touched, client, wrapped"
_TABLE = """
    CREATE UNLOGGED TABLE IF NOT EXISTS civis_sessions (
        id_hash text PRIMARY KEY,
        user_id text NOT NULL,
        state text NOT NULL,
        created double precision NOT NULL,
        touched double precision NOT NULL,
        client text NOT NULL,
        wrapped bytea
    );
    CREATE INDEX IF NOT EXISTS civis_sessions_user ON civis_sessions (user_id);
    CREATE INDEX IF NOT EXISTS civis_sessions_touched ON civis_sessions (touched);
"""


def _row(record: tuple) -> Row:
    *values, wrapped = record
    return Row(*values, None if wrapped is None else bytes(wrapped))


class PostgresSessionStore:
    """The table ``civis_sessions``, made when it is first needed."""

    def __init__(self, dsn: str) -> None:
        self.pool = Pool(dsn, _TABLE)

    def add(self, row: Row) -> None:
        self.pool.run(
            f"INSERT INTO civis_sessions ({_COLUMNS})"  # noqa: S608
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                row.id_hash,
                row.user_id,
                row.state,
                row.created,
                row.touched,
                row.client,
                row.wrapped,
            ),
        )

    def get(self, id_hash: str) -> Row | None:
        found = self.pool.rows(
            f"SELECT {_COLUMNS} FROM civis_sessions"  # noqa: S608
            " WHERE id_hash = %s",
            (id_hash,),
        )
        return _row(found[0]) if found else None

    def touch(self, id_hash: str, now: float) -> None:
        self.pool.run(
            "UPDATE civis_sessions SET touched = %s WHERE id_hash = %s", (now, id_hash)
        )

    def set_wrapped(self, id_hash: str, wrapped: bytes | None) -> bool:
        return bool(
            self.pool.run(
                "UPDATE civis_sessions SET wrapped = %s WHERE id_hash = %s",
                (wrapped, id_hash),
            )
        )

    def remove(self, id_hash: str) -> None:
        self.pool.run("DELETE FROM civis_sessions WHERE id_hash = %s", (id_hash,))

    def remove_all(self, user_id: str, except_: str | None = None) -> int:
        return self.pool.run(
            "DELETE FROM civis_sessions WHERE user_id = %s AND id_hash <> %s",
            (user_id, except_ or ""),
        )

    def rows(self, user_id: str) -> list[Row]:
        found = self.pool.rows(
            f"SELECT {_COLUMNS} FROM civis_sessions"  # noqa: S608
            " WHERE user_id = %s",
            (user_id,),
        )
        return [_row(record) for record in found]

    def purge(self, touched_before: float, created_before: float) -> int:
        return self.pool.run(
            "DELETE FROM civis_sessions WHERE touched < %s OR created < %s",
            (touched_before, created_before),
        )
