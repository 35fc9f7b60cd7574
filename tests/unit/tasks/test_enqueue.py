"""Tasks are enqueued with the transaction: after its commit, never after an abort."""

from civisdata.content.tasks import enqueue
from civisdata.content.tasks.enqueue import MAX_VALUES
from civisdata.content.tasks.errors import NotPlain
from civisdata.content.tasks.errors import UnknownTask
from civisdata.content.tasks.store import TaskStore
import pytest
import transaction


@pytest.fixture(autouse=True)
def mow(register, queue):
    transaction.abort()
    yield register("mow", lambda site, progress, *, lawn=0: None)
    transaction.abort()


class Refusing:
    """A data manager that doesn't let its transaction commit."""

    def sortKey(self):
        return "zz"

    def tpc_begin(self, txn):
        pass

    def commit(self, txn):
        pass

    def tpc_vote(self, txn):
        raise ValueError("no")

    def tpc_abort(self, txn):
        pass

    def abort(self, txn):
        pass


def ids(queue) -> set[str]:
    return {row.id for row in queue.store.page(0, 100)}


def test_nothing_is_there_before_the_commit(queue):
    task_id = enqueue("mow", lawn=3)
    assert queue.store.get(task_id) is None
    transaction.commit()
    row = queue.store.get(task_id)
    assert (row.name, row.state, row.values) == ("mow", "waiting", {"lawn": 3})
    assert queue.huey.pending_count() == 1


def test_an_aborted_transaction_leaves_nothing(queue):
    task_id = enqueue("mow")
    transaction.abort()
    transaction.commit()
    assert queue.store.get(task_id) is None
    assert queue.huey.pending_count() == 0


def test_a_refused_commit_leaves_nothing(queue):
    task_id = enqueue("mow")
    transaction.get().join(Refusing())
    with pytest.raises(ValueError, match="no"):
        transaction.commit()
    assert queue.store.get(task_id) is None
    transaction.abort()
    assert queue.huey.pending_count() == 0


def test_several_tasks_of_a_transaction(queue):
    wanted = {enqueue("mow", lawn=number) for number in range(3)}
    transaction.commit()
    assert ids(queue) == wanted
    more = enqueue("mow")
    transaction.commit()
    assert ids(queue) == wanted | {more}


def test_a_task_enqueued_by_a_hook_of_the_commit_is_not_lost(queue):
    enqueue("mow")
    transaction.get().addBeforeCommitHook(lambda: enqueue("mow"))
    transaction.commit()
    assert len(ids(queue)) == 2


def test_a_queue_that_fails_before_the_commit_makes_it_fail(queue, monkeypatch):
    def fail(*arguments):
        raise OSError("disk full")

    enqueue("mow")
    monkeypatch.setattr(TaskStore, "prepare", fail)
    with pytest.raises(OSError, match="disk full"):
        transaction.commit()


def test_a_queue_that_fails_after_the_commit_lets_the_task_be_seen(queue, monkeypatch):
    def fail(*arguments):
        raise OSError("disk full")

    task_id = enqueue("mow")
    with monkeypatch.context() as patched:
        patched.setattr(TaskStore, "release", fail)
        transaction.commit()
    assert queue.store.get(task_id).state == "prepared"
    queue.store.give_up_prepared(queue.store.get(task_id).created + 1, 0)
    assert ids(queue) == {task_id}


def test_an_unknown_task_is_refused_at_once(queue):
    with pytest.raises(UnknownTask):
        enqueue("sow")


def test_values_that_the_task_does_not_take_are_refused_at_once(queue):
    with pytest.raises(TypeError):
        enqueue("mow", garden=3)


@pytest.mark.parametrize(
    "value",
    [
        b"bytes",
        object(),
        {1, 2},
        (1, 2),
        {1: "a number as a name"},
        float("nan"),
        "x" * MAX_VALUES,
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_plain_values_are_taken(queue, value):
    with pytest.raises(NotPlain):
        enqueue("mow", lawn=value)
    transaction.commit()
    assert ids(queue) == set()


@pytest.mark.parametrize(
    "value", [None, True, 3, 1.5, "é", [1, {"a": None}], {"a": []}]
)
def test_plain_values_come_back_the_same(queue, value):
    task_id = enqueue("mow", lawn=value)
    transaction.commit()
    assert queue.store.get(task_id).values == {"lawn": value}
