"""One decision on many registrations: each line is done, or named as not done with why.

Each registration is a transaction of its own, in which its mail leaves and its result is
noted: whatever ends in the middle goes on where it was, and nobody is written to twice.
"""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.office.post import is_about_address
from civisdata.content.citizens.office.store import Batch
from civisdata.content.citizens.office.store import LogLine
from civisdata.content.citizens.office.store import office_of
from civisdata.content.mail import MailNotSent
from civisdata.content.tasks import enqueue
from collections.abc import Callable
from ZODB.POSException import ConflictError
import transaction


ACCEPT, ACCEPT_BY_POST, REFUSE = "accept", "accept_by_post", "refuse"
ACTIONS = (ACCEPT, ACCEPT_BY_POST, REFUSE)

#: So many lines are decided at once; more of them by a task.
AT_ONCE = 50

#: So many lines are taken at most.
MOST = 10_000

TASK = "decide-registrations"

#: What came of a line.
DONE, GONE, DECIDED, ADDRESS = "done", "gone", "decided", "address"

_TRIES = 3


class CannotBegin(ValueError):
    """No batch can be made of this: ``reason`` is ``nobody``, ``many`` or ``action``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Waits(Exception):
    """Some lines are not decided yet: the mail server, or this server, is busy or down."""


def begin(
    spaces: ISpaces, action: str, ids: list[str], actor: str, reason: str = ""
) -> str:
    """Keep a batch and return its id; CannotBegin, ReasonMissing.

    The caller commits, then decides it (``go_on``), or enqueues it (``enqueue_rest``).
    """
    ids = list(dict.fromkeys(ids))
    if action not in ACTIONS:
        raise CannotBegin("action")
    if not ids or len(ids) > MOST:
        raise CannotBegin("many" if ids else "nobody")
    if action == REFUSE:
        reason = registrations.checked_reason(reason)
    office = office_of(spaces, create=True)
    batch = Batch(action, tuple(ids), actor, reason=reason)
    line = LogLine(batch.created, actor, action, reason, len(ids))
    office.write(line)
    return office.add(office.batches, batch)


def left(batch: Batch) -> int:
    """Return how many lines have no result yet."""
    return len(batch.ids) - len(batch.results)


def not_done(batch: Batch) -> list[tuple[str, str]]:
    """Return ids and results of the lines that were not done, in their order."""
    found = ((id, batch.results.get(id, DONE)) for id in batch.ids)
    return [(id, result) for id, result in found if result != DONE]


def enqueue_rest(batch_id: str) -> None:
    """Have the lines that are left decided by a task."""
    enqueue(TASK, batch_id=batch_id)


def go_on(
    spaces: ISpaces, batch_id: str, told: Callable[[int, int], None] | None = None
) -> None:
    """Decide all lines that are left, committing each; Waits where some stay.

    ``told`` is called with the numbers of decided and of all lines.
    """
    batch = office_of(spaces).batches.get(batch_id)
    if batch is None:
        return
    waits = False
    for space_id in batch.ids:
        if space_id in batch.results:
            continue
        try:
            _decide_one(spaces, batch, space_id)
        except MailNotSent:
            transaction.abort()
            batch.mail_down = True
            transaction.commit()
            raise Waits from None
        except (ConflictError, TooBusy):
            transaction.abort()
            waits = True
        if told is not None:
            told(len(batch.results), len(batch.ids))
    if waits:
        raise Waits


def _decide_one(spaces: ISpaces, batch: Batch, space_id: str) -> None:
    for attempt in range(_TRIES):
        try:
            batch.results[space_id] = _result(spaces, batch, space_id)
            if batch.mail_down:
                batch.mail_down = False
            transaction.commit()
            return
        except MailNotSent as error:
            transaction.abort()
            if not is_about_address(error):
                raise
            batch.results[space_id] = ADDRESS
            transaction.commit()
            return
        except ConflictError:
            transaction.abort()
            if attempt == _TRIES - 1:
                raise


def _result(spaces: ISpaces, batch: Batch, space_id: str) -> str:
    space = spaces.get_space(space_id)
    if space is None:
        return GONE
    if registrations.state_of(space) != "pending":
        return DECIDED
    if batch.action == REFUSE:
        registrations.refuse(space, batch.reason, batch.actor)
    else:
        by_post = batch.action == ACCEPT_BY_POST
        registrations.accept(space, batch.actor, by_post=by_post)
    return DONE
