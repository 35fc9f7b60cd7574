"""Sessions in a real PostgreSQL."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.limiter_postgresql import PostgresCounters
from civisdata.content.citizens.session_postgresql import PostgresSessionStore
from civisdata.content.citizens.sessions import Sessions
from civisdata.content.citizens.sessions import StoreDown
from concurrent.futures import ThreadPoolExecutor
from helpers.counter_rules import CounterRules
from helpers.session_store_rules import StoreRules
import psycopg2
import pytest


class TestPostgresql(StoreRules):
    @pytest.fixture
    def store(self, dsn):
        store = PostgresSessionStore(dsn)
        store.pool.run("DELETE FROM civis_sessions")
        yield store
        store.pool.close()


def test_the_table_is_unlogged(dsn):
    PostgresSessionStore(dsn).rows("nobody")
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT relpersistence FROM pg_class WHERE relname = 'civis_sessions'"
        )
        assert cursor.fetchall() == [("u",)]


def test_two_processes_make_the_table_at_once(dsn):
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS civis_sessions")
    with ThreadPoolExecutor(8) as pool:
        stores = [PostgresSessionStore(dsn) for _ in range(8)]
        assert list(pool.map(lambda s: s.rows("nobody"), stores)) == [[]] * 8


def test_a_restarted_server_is_found_again(dsn):
    sessions = Sessions(PostgresSessionStore(dsn))
    secret = sessions.create("alice", KeyBundle.new())
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'civisdata'"
        )
    assert sessions.open(secret).user_id == "alice"


def test_no_injection(dsn):
    sessions = Sessions(PostgresSessionStore(dsn))
    nasty = "x'; DROP TABLE civis_sessions; --"
    secret = sessions.create("alice", client=nasty)
    assert sessions.list(nasty) == []
    assert sessions.list("alice")[0].client == nasty
    assert sessions.open(secret)


def test_a_server_that_is_down_is_said_so():
    store = PostgresSessionStore("host=127.0.0.1 port=1 dbname=x user=x")
    with pytest.raises(StoreDown):
        store.rows("alice")


class TestCounters(CounterRules):
    @pytest.fixture
    def store(self, dsn):
        store = PostgresCounters(dsn)
        store.pool.run("DELETE FROM civis_failures")
        yield store
        store.pool.close()

    def rows(self, store):
        return store.pool.rows("SELECT key FROM civis_failures")
