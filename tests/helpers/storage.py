"""What a thief of the storage would have, as files that can be searched."""

from pathlib import Path
import psycopg2


def dump_postgresql(dsn: str, folder: Path) -> None:
    """Write every table of the database, large objects too, as it is, into ``folder``.

    PostgreSQL's own dumps write bytes in hexadecimal, which would hide words. Temporary
    tables of other sessions can't be read, and end with them.
    """
    folder.mkdir()
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
            "AND schemaname NOT LIKE 'pg_temp%' "
            "UNION SELECT 'pg_catalog', 'pg_largeobject'"
        )
        for schema, table in cursor.fetchall():
            with (folder / f"{schema}.{table}").open("wb") as handle:
                cursor.copy_expert(
                    f'COPY "{schema}"."{table}" TO STDOUT (FORMAT BINARY)', handle
                )
    connection.close()
