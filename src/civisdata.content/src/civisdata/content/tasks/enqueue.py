"""Enqueue a task: noted with the running transaction, run after its commit."""

from civisdata.content.tasks.errors import NotPlain
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.registry import get_task
from civisdata.content.tasks.store import new_task_id
from dataclasses import dataclass
from dataclasses import field
from typing import Any
import json
import logging
import time
import transaction


logger = logging.getLogger("civisdata.tasks")

#: Bytes of JSON: ids and a few settings, not contents.
MAX_VALUES = 16 * 1024


def enqueue(name: str, **values: Any) -> str:
    """Have a task run once this transaction is committed; return the task's id.

    Nothing remains of it when the transaction is aborted. A queue that can't be written
    to makes the commit fail. ``values`` are ids and plain values (text, numbers, None,
    lists and dicts of them), stored in clear and outside the database: never what a
    citizen wrote, a key or a password. Raises UnknownTask, NotPlain, or TypeError where
    the task doesn't take these values.
    """
    get_task(name).check(values)
    arguments = _plain(values)
    task_id = new_task_id()
    _batch_of(transaction.get()).tasks.append((task_id, name, arguments))
    return task_id


def _plain(values: dict[str, Any]) -> str:
    try:
        text = json.dumps(values, allow_nan=False, ensure_ascii=True)
    except (TypeError, ValueError) as error:
        raise NotPlain(f"not a plain value: {type(error).__name__}") from None
    if json.loads(text) != values:
        raise NotPlain("a value that JSON would change")
    if len(text) > MAX_VALUES:
        raise NotPlain("too much: give the id of what holds it")
    return text


@dataclass
class _Batch:
    """The tasks that one transaction enqueues."""

    tasks: list[tuple[str, str, str]] = field(default_factory=list)
    prepared: bool = False


def _batch_of(current) -> _Batch:
    """Return the batch of a transaction; hook it in where there is none yet."""
    try:
        batch = current.data(_batch_of)
        if not batch.prepared:
            return batch
    except KeyError:
        pass
    batch = _Batch()
    current.set_data(_batch_of, batch)
    current.addBeforeCommitHook(_prepare, (batch,))
    current.addAfterCommitHook(_committed, (batch,))
    current.addAfterAbortHook(_discard, (batch,))
    return batch


def _prepare(batch: _Batch) -> None:
    get_queue().store.prepare(batch.tasks, time.time())
    batch.prepared = True


def _committed(success: bool, batch: _Batch) -> None:
    if not success:
        _discard(batch)
        return
    ids = [task_id for task_id, _, _ in batch.tasks]
    try:
        queue = get_queue()
        queue.store.release(ids)
        for task_id in ids:
            queue.send(task_id)
    except Exception as error:
        # What wasn't released is shown as failed after a while, and can be run then;
        # what was released but not sent is found by the next look at the table.
        logger.error("tasks %s: the queue failed (%s)", ids, type(error).__name__)


def _discard(batch: _Batch) -> None:
    if not batch.prepared:
        return
    batch.prepared = False
    try:
        get_queue().store.discard([task_id for task_id, _, _ in batch.tasks])
    except Exception as error:
        logger.error("the queue failed (%s)", type(error).__name__)
