"""What every store of sessions has to do; run for each of them."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.sessions import ACTIVATING
from civisdata.content.citizens.sessions import id_hash
from civisdata.content.citizens.sessions import Limits
from civisdata.content.citizens.sessions import Sessions
import pytest


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class StoreRules:
    """Subclasses have a fixture ``store``."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def sessions(self, store, clock):
        return Sessions(store, clock)

    def test_a_session_is_found_by_its_secret_only(self, sessions):
        secret = sessions.create("alice", client="Firefox, Linux")
        found = sessions.open(secret)
        assert (found.user_id, found.state, found.locked) == ("alice", "open", True)
        assert found.bundle() is None
        wrong = bytes([secret[0] ^ 1]) + secret[1:]
        for other in (wrong, b"", secret[:31], secret + b"x", bytes(32)):
            assert sessions.open(other) is None

    def test_the_bundle_opens_with_the_secret(self, sessions):
        bundle = KeyBundle.new()
        secret = sessions.create("alice", bundle)
        assert sessions.open(secret).bundle() == bundle

    def test_what_is_stored_holds_neither_secret_nor_keys(self, sessions, store):
        bundle = KeyBundle.new()
        secret = sessions.create("alice", bundle)
        row = store.get(id_hash(secret))
        stored = repr(row).encode() + row.wrapped
        for hidden in (secret, bundle.exchange_key, bundle.vault_key):
            assert hidden not in stored and hidden.hex().encode() not in stored

    def test_rows_of_two_sessions_cant_be_swapped(self, sessions, store):
        first = sessions.create("alice", KeyBundle.new())
        other = sessions.create("bob", KeyBundle.new())
        store.set_wrapped(id_hash(first), store.get(id_hash(other)).wrapped)
        assert sessions.open(first).bundle() is None

    def test_unlock_and_lock(self, sessions):
        secret, bundle = sessions.create("alice"), KeyBundle.new()
        assert sessions.set_bundle(sessions.open(secret), bundle)
        assert sessions.open(secret).bundle() == bundle
        assert sessions.set_bundle(sessions.open(secret), None)
        assert sessions.open(secret).locked

    def test_an_ended_session_stays_ended(self, sessions):
        secret = sessions.create("alice")
        session = sessions.open(secret)
        sessions.end(session)
        assert not sessions.set_bundle(session, KeyBundle.new())
        assert sessions.open(secret) is None
        sessions.end(session)

    def test_idle_and_absolute_limits(self, sessions, clock):
        limits = Limits(idle=1800, absolute=7200)
        secret = sessions.create("alice")
        for _ in range(4):
            clock.now += 1790
            assert sessions.open(secret, limits) is not None
        clock.now += 50
        assert sessions.open(secret, limits) is None
        secret = sessions.create("alice")
        clock.now += 1801
        assert sessions.open(secret, limits) is None
        clock.now -= 1801
        assert sessions.open(secret, limits) is None

    def test_looking_without_touching(self, sessions, clock):
        secret = sessions.create("alice")
        clock.now += 1000
        assert sessions.open(secret, touch=False).ends == clock.now + 800
        assert sessions.open(secret).ends == clock.now + 1800

    def test_a_touch_is_written_once_a_minute(self, sessions, store, clock):
        secret = sessions.create("alice")
        start = clock.now
        for second in (10, 59, 61, 100):
            clock.now = start + second
            sessions.open(secret)
        assert store.get(id_hash(secret)).touched == start + 61

    def test_end_all_but_one(self, sessions):
        kept, other = sessions.create("alice"), sessions.create("alice")
        foreign = sessions.create("bob")
        assert sessions.end_all("alice", sessions.open(kept)) == 1
        assert sessions.open(other) is None
        assert sessions.open(kept) and sessions.open(foreign)
        assert sessions.end_all("alice") == 1
        assert sessions.end_all("alice") == 0
        assert sessions.open(kept) is None and sessions.open(foreign)

    def test_list(self, sessions, clock):
        first = sessions.create("alice", client="Firefox")
        clock.now += 100
        sessions.create("alice", client="Safari")
        sessions.create("bob")
        assert [row.client for row in sessions.list("alice")] == ["Safari", "Firefox"]
        clock.now += 100
        sessions.open(first)
        assert [row.client for row in sessions.list("alice")] == ["Firefox", "Safari"]
        clock.now += 1750
        assert [row.client for row in sessions.list("alice")] == ["Firefox"]
        assert sessions.list("nobody") == []

    def test_purge(self, sessions, store, clock):
        old = sessions.create("alice")
        clock.now += 1900
        store_size = sessions.purge()
        assert store_size == 1
        assert store.get(id_hash(old)) is None
        assert sessions.purge() == 0

    def test_states(self, sessions):
        secret = sessions.create("alice", state=ACTIVATING)
        assert sessions.open(secret).state == ACTIVATING
        with pytest.raises(ValueError):
            sessions.create("alice", state="manager")
