"""What every store of counters has to do; run for each of them."""

from civisdata.content.citizens.limiter import Limiter
from civisdata.content.citizens.limiter import RULES
from helpers.session_store_rules import Clock
import pytest


HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


class CounterRules:
    """Subclasses have a fixture ``store`` and a method ``rows``."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def limiter(self, store, clock):
        return Limiter(store, clock)

    def fail(self, limiter, times, login="alice", client=HERE):
        for _ in range(times):
            limiter.failure(login, client)

    def test_a_few_failures_are_free(self, limiter):
        self.fail(limiter, 4)
        assert limiter.wait("alice", HERE) == 0
        self.fail(limiter, 1)
        assert limiter.wait("alice", HERE) == RULES["pair"].first

    def test_waits_grow_to_a_limit(self, limiter, clock):
        self.fail(limiter, 5)
        waits = []
        for _ in range(12):
            waits.append(limiter.wait("alice", HERE))
            clock.now += waits[-1]
            assert limiter.wait("alice", HERE) == 0
            self.fail(limiter, 1)
        assert waits[:4] == [15, 30, 60, 120]
        assert waits[-1] == 900
        assert waits == sorted(waits)

    def test_nobody_is_locked_out_from_elsewhere(self, limiter):
        self.fail(limiter, 60)
        assert limiter.wait("alice", HERE) > 0
        assert limiter.wait("alice", ELSEWHERE) == 0

    def test_a_success_forgives(self, limiter):
        self.fail(limiter, 5)
        limiter.success("alice", HERE)
        assert limiter.wait("alice", HERE) == 0

    def test_many_names_from_one_address_wait_too(self, limiter):
        for number in range(20):
            self.fail(limiter, 1, f"name{number}")
        assert limiter.wait("another", HERE) > 0
        limiter.success("name1", HERE)
        assert limiter.wait("another", HERE) > 0

    def test_many_addresses_of_one_network_wait_a_little(self, limiter):
        for number in range(1, 121):
            self.fail(limiter, 1, f"name{number}", f"192.0.2.{number}")
        wait = limiter.wait("another", "192.0.2.250")
        assert 0 < wait <= RULES["network"].longest
        assert limiter.wait("another", ELSEWHERE) == 0

    def test_time_forgives(self, limiter, clock):
        self.fail(limiter, 5)
        clock.now += 1800 * 5
        self.fail(limiter, 4)
        assert limiter.wait("alice", HERE) == 0

    def test_size_is_bounded(self, limiter, store, clock):
        for number in range(50):
            clock.now += 1
            store.put(f"k{number}", 1.0, clock.now)
        store.purge(clock.now - 1000, 10)
        assert {key for (key,) in self.rows(store)} == {f"k{n}" for n in range(40, 50)}
        store.purge(clock.now - 5, 10)
        assert len(self.rows(store)) == 6

    def test_old_counters_are_thrown_away(self, limiter, store, clock):
        store.put("old", 1.0, clock.now - 90_000)
        self.fail(limiter, 1)
        assert ("old",) not in self.rows(store)

    def test_no_name_is_stored_in_clear(self, limiter, store):
        self.fail(limiter, 1, "c-secretname'; DROP TABLE failures")
        assert len(self.rows(store)) == 3
        assert "secretname" not in repr(self.rows(store))
