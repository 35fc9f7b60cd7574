"""The table of tasks in PostgreSQL, where several servers work."""

from civisdata.content.tasks.planner import look_after
from civisdata.content.tasks.queue import TaskQueue
from helpers.task_store_rules import NOW
from helpers.task_store_rules import TaskStoreRules
from helpers.tasks import wait_for
import psycopg
import pytest


TABLES = ("civis_task", *(f"civis_huey_{n}" for n in ("kv", "schedule", "task")))


@pytest.fixture
def where(dsn):
    yield dsn
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"drop table if exists {table}")


class TestPostgresqlStore(TaskStoreRules):
    def test_each_server_knows_who_is_alive(self, where):
        one, other = self.queue(where), self.queue(where)
        one.storage.begin_work("w1")
        other.storage.begin_work("w2")
        assert other.storage.is_alive("w1")
        assert one.storage.is_alive("w2")
        one.storage._life.close()
        wait_for(lambda: not other.storage.is_alive("w1"))
        one.storage.begin_work("w1")
        assert other.storage.is_alive("w1")
        one.close()
        other.close()

    def test_a_worker_whose_connection_was_cut_is_alive_again(self, where):
        one, other = self.queue(where), self.queue(where)
        one.storage.begin_work("w1")
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where pid <> pg_backend_pid() and datname = current_database()"
            )

        def again() -> bool:
            one.storage.begin_work("w1")
            return other.storage.is_alive("w1")

        wait_for(again)
        one.close()
        wait_for(lambda: not other.storage.is_alive("w1"))
        other.close()

    def test_a_server_takes_over_from_a_dead_one_and_not_from_a_living_one(self, where):
        one, other = self.queue(where), self.queue(where)
        one.storage.begin_work("w1")
        other.storage.begin_work("w2")
        self.waiting(one, "a")
        one.store.claim("a", "w1", NOW)
        look_after(other, NOW + 60, "w2")
        assert other.store.get("a").state == "running"
        one.close()
        wait_for(lambda: not other.storage.is_alive("w1"))
        look_after(other, NOW + 120, "w2")
        assert other.store.get("a").state == "waiting"
        other.close()

    def test_the_connection_string_may_be_an_address(self, where):
        parts = dict(pair.split("=", 1) for pair in where.split())
        queue = TaskQueue(
            "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
        )
        assert queue.store.count()["waiting"] == 0
        queue.close()
