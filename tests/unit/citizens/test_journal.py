"""The chain of a journal: appending, signing, verifying, dropping what is too old."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.background import writer
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.journal import head
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal import purge
from civisdata.content.citizens.journal import verify
from civisdata.content.citizens.journal.own_actions import ANEW_DONE
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.keys import KeyBundle
from concurrent.futures import ThreadPoolExecutor
from helpers.journal import BareSpace
from helpers.journal import filled
from helpers.session_store_rules import Clock
from transaction import TransactionManager
from ZODB.DB import DB
from ZODB.MappingStorage import MappingStorage
from ZODB.POSException import ConflictError
import pytest


DAY = 86400


@pytest.fixture
def space():
    return BareSpace()


@pytest.fixture
def stopped_clock():
    stopped = Clock()
    former = clock.set_source(stopped)
    yield stopped
    clock.set_source(former)


@pytest.fixture
def database():
    database = DB(MappingStorage())
    yield database
    database.close()


def stored(database, space):
    """Keep a space in a database; return a way to open it in new connections."""
    connections = []

    def opened():
        manager = TransactionManager()
        connection = database.open(transaction_manager=manager)
        connections.append(connection)
        manager.begin()
        return connection.root()["space"], manager

    manager = TransactionManager()
    connection = database.open(transaction_manager=manager)
    manager.begin()
    connection.root()["space"] = space
    manager.commit()
    connection.close()
    return opened, connections


def test_entries_are_given_newest_first(space):
    for count in range(1, 8):
        note(space, "log-in-failed", actor="unknown", count=count)
    assert [e.details["count"] for e in entries(space, 0, 3)] == [7, 6, 5]
    assert [e.n for e in entries(space, 5, 10)] == [2, 1]
    assert [e.n for e in entries(space, 0, 2, before=4)] == [3, 2]
    even = entries(space, 1, 2, wanted=lambda e: not e.n % 2)
    assert [e.n for e in even] == [4, 2]
    assert entries(space, 7, 5) == []


def test_an_entry_holds_the_hash_of_the_one_before(space):
    first, second = note(space, "log-in"), note(space, "log-out")
    assert second.previous == first.hash
    assert head(space) == (2, second.hash)
    assert entries(space) == [second, first]


def test_journals_of_two_spaces_begin_differently():
    one, other = BareSpace("a" * 16), BareSpace("b" * 16)
    assert note(one, "log-in").previous != note(other, "log-in").previous


def test_reading_an_empty_journal_makes_none(space):
    assert entries(space) == [] and head(space)[0] == 0
    assert verify(space).count == 0 and verify(space).broken_at is None
    assert space._journal is None


@pytest.mark.parametrize(
    "action,values",
    [
        ("Log In", {}),
        ("", {}),
        ("x" * 61, {}),
        ("log-in", {"actor": "zoe@exemple.fr"}),
        ("log-in", {"actor": "administration:"}),
        ("log-in", {"item": "Avis d’imposition.pdf"}),
        ("log-in", {"title": "x" * 81}),
        ("log-in", {"size": 1.5}),
        ("log-in", {"ok": True}),
        ("log-in", {"names": ["a"]}),
        ("log-in", {"Title": "a"}),
    ],
)
def test_only_coarse_values_are_taken(space, action, values):
    with pytest.raises(ValueError):
        note(space, action, **values)
    assert head(space)[0] == 0


def test_an_intact_chain_is_verified():
    space, bundle = filled(40, every=7)
    assert verify(space, bundle).count == 40
    assert verify(space, bundle).broken_at is None
    assert verify(space).broken_at is None


def row(journal, n, **changes):
    """Alter a stored entry as somebody with the database could."""
    names = ("time", "action", "actor", "item", "details", "previous")
    values = dict(zip(names, journal._entries[n], strict=True))
    journal._entries[n] = tuple({**values, **changes}.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"time": 1},
        {"action": "document-deleted"},
        {"actor": "system"},
        {"item": ""},
        {"details": ()},
        {"previous": bytes(32)},
    ],
)
@pytest.mark.parametrize("n", [1, 5, 12])
def test_an_altered_entry_is_found(n, changes):
    space, bundle = filled(12)
    row(get_journal(space), n, **changes)
    assert verify(space, bundle).broken_at in (n, n + 1)


def test_dropped_and_swapped_entries_are_found():
    space, bundle = filled(12)
    del get_journal(space)._entries[6]
    assert verify(space, bundle).broken_at == 6
    space, bundle = filled(12)
    journal = get_journal(space)
    one, other = journal._entries[6], journal._entries[7]
    journal._entries[6], journal._entries[7] = other, one
    assert verify(space, bundle).broken_at == 6
    space, bundle = filled(12)
    del get_journal(space)._entries[12]
    assert verify(space, bundle).broken_at == 12


def rewritten(space, drop=()):
    """Make the chain again without some entries, as well as it can be done."""
    journal = get_journal(space)
    former = [entry for entry in journal.oldest_first() if entry.n not in drop]
    checkpoints = journal._checkpoints
    del space._journal
    for entry in former:
        note(space, entry.action, item=entry.item, actor=entry.actor, **entry.details)
    get_journal(space)._checkpoints = checkpoints


def test_a_chain_made_anew_does_not_match_what_was_signed(stopped_clock):
    space, bundle = filled(12)
    rewritten(space)
    assert verify(space, bundle).broken_at is None
    rewritten(space, drop=(3,))
    assert verify(space, bundle).broken_at == 5


def test_what_came_after_the_last_signature_is_only_chained(stopped_clock):
    space, bundle = filled(12)
    rewritten(space, drop=(11,))
    assert verify(space, bundle).broken_at is None
    checkpoint(space, bundle)
    rewritten(space, drop=(10,))
    assert verify(space, bundle).broken_at == 10


def test_nobody_else_can_sign():
    space, bundle = filled(12)
    journal = get_journal(space)
    forged = KeyBundle.new()
    values = journal._checkpoints[10]
    space._account.public = forged.public
    note(space, "log-in")
    checkpoint(space, forged)
    assert verify(space, bundle).broken_at == 13
    del journal._checkpoints[13]
    journal._checkpoints[10] = (*values[:-1], "00" * 64)
    assert verify(space, bundle).broken_at == 10


def test_signatures_of_keys_that_were_replaced_still_count():
    space, old = filled(10)
    note(space, ANEW_DONE, former_key=old.public.signing.hex())
    new = space.activate()
    note(space, "space-activated")
    checkpoint(space, new)
    assert verify(space, new).broken_at is None
    row(get_journal(space), 3, time=7)
    assert verify(space, new).broken_at == 4
    space, old = filled(10)
    note(space, ANEW_DONE, former_key="ab" * 32)
    assert verify(space, space.activate()).broken_at == 5


def test_the_end_is_signed_once_and_only_for_an_active_space(space):
    bundle = KeyBundle.new()
    note(space, "log-in")
    assert checkpoint(space, bundle) is None
    bundle = space.activate()
    assert checkpoint(space, bundle).n == 1
    assert checkpoint(space, bundle) is None
    assert checkpoint(space, KeyBundle.new()) is None
    space._account.activated = None
    note(space, "log-in")
    assert checkpoint(space, bundle) is None


def test_old_entries_are_dropped_and_the_rest_stays_verifiable(stopped_clock):
    space = BareSpace()
    bundle = space.activate()
    for _ in range(40):
        note(space, "log-in", client="Firefox, Linux")
        checkpoint(space, bundle)
        stopped_clock.now += 50 * DAY
    now = stopped_clock.now
    assert purge(space, now) == 19
    journal = get_journal(space)
    assert (journal.anchor.n, journal.first, len(journal)) == (19, 20, 21)
    assert [c.n for c in journal.checkpoints()] == list(range(19, 41))
    assert len(entries(space, 0, 100)) == 21
    assert verify(space, bundle).count == 21
    assert verify(space, bundle).broken_at is None
    assert purge(space, now) == 0
    note(space, "log-in")
    assert head(space)[0] == 41
    row(journal, 20, time=1)
    assert verify(space, bundle).broken_at in (20, 21)


def test_the_last_entry_is_never_dropped(stopped_clock):
    space, bundle = filled(5)
    assert purge(space, stopped_clock.now + 9999 * DAY) == 4
    assert [entry.n for entry in entries(space)] == [5]
    assert verify(space, bundle).broken_at is None
    assert purge(BareSpace()) == 0


def test_a_forged_anchor_is_found(stopped_clock):
    space, bundle = filled(12)
    journal = get_journal(space)
    stopped_clock.now += 9999 * DAY
    note(space, "log-in")
    purge(space)
    assert journal.first == 13
    journal._anchor = (11, *journal._anchor[1:])
    assert verify(space, bundle).broken_at == 12


def test_of_two_appends_at_once_the_second_is_tried_again(database, space):
    note(space, "log-in")
    opened, connections = stored(database, space)
    (one, first), (other, second) = opened(), opened()
    note(one, "log-out")
    note(other, "unlocked")
    first.commit()
    with pytest.raises(ConflictError):
        second.commit()
    second.abort()
    second.begin()
    note(other, "unlocked")
    second.commit()
    again, _manager = opened()
    assert [e.action for e in entries(again)] == ["unlocked", "log-out", "log-in"]
    assert verify(again).broken_at is None
    for connection in connections:
        connection.transaction_manager.abort()
        connection.close()


def test_many_writers_lose_nothing(database, space):
    opened, connections = stored(database, space)
    found, manager = opened()
    write = writer(found)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(40):
            pool.submit(write, lambda space: note(space, "log-in"))
    manager.begin()
    assert [entry.n for entry in entries(found)] == list(range(40, 0, -1))
    assert verify(found).broken_at is None
    manager.abort()
    connections[0].close()


def test_a_page_and_an_append_load_a_few_records_of_a_long_chain(database, space):
    for _ in range(5000):
        note(space, "log-in")
    opened, connections = stored(database, space)
    found, manager = opened()
    connection = connections[0]
    connection.cacheMinimize()
    connection.getTransferCounts(clear=True)
    assert entries(found, 100, 50)[0].n == 4900
    assert len(get_journal(found)) == 5000
    note(found, "log-out")
    loaded, _stored = connection.getTransferCounts(clear=True)
    assert loaded < 15
    manager.commit()
    _loaded, written = connection.getTransferCounts(clear=True)
    assert written < 6
    connection.close()
