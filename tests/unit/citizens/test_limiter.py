"""Counters of failed log-ins: who waits, who doesn't, and how much is kept."""

from civisdata.content.citizens.limiter import Limiter
from civisdata.content.citizens.limiter import networks
from civisdata.content.citizens.limiter import SqliteCounters
from helpers.counter_rules import CounterRules
import pytest
import sqlite3


class TestSqlite(CounterRules):
    @pytest.fixture
    def store(self, tmp_path):
        return SqliteCounters(tmp_path / "failures.sqlite")

    def rows(self, store):
        with sqlite3.connect(store.path) as connection:
            return connection.execute("SELECT key FROM failures").fetchall()


@pytest.mark.parametrize(
    ("client", "near", "far"),
    [
        ("192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("", "unknown", "unknown"),
        ("192.0.2.7, 10.0.0.1", "unknown", "unknown"),
    ],
)
def test_networks(client, near, far):
    assert networks(client) == (near, far)


def test_counters_out_of_reach_let_nobody_in():
    class Down:
        def get(self, keys):
            raise OSError("gone")

        put = remove = purge = get

    limiter = Limiter(Down(), lambda: 0.0)
    assert limiter.wait("a", "192.0.2.7") > 0
    limiter.failure("a", "192.0.2.7")
    limiter.success("a", "192.0.2.7")
