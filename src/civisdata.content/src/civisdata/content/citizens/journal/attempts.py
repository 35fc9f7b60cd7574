"""Failed attempts in the journal: at most one entry in ten minutes, with their number.

A failure that comes soon after such an entry only raises a counter, which lies beside
those of the limiter, outside the object database: so nobody can fill that by trying
passwords. The counter is written with the next entry, and when the citizen comes in.
The same is done for names that don't exist, so that they take the same time; the entry
of a known one is written in the background.
"""

from civisdata.content.citizens import background
from civisdata.content.citizens import clock
from civisdata.content.citizens.guard import limiter
from civisdata.content.citizens.journal.own_actions import LOG_IN_FAILED
from civisdata.content.citizens.journal.own_actions import SECOND_REFUSED
from civisdata.content.citizens.journal.own_actions import SECRET_REFUSED
from civisdata.content.citizens.journal.storage import note
from civisdata.content.citizens.journal.storage import UNKNOWN
import hashlib
import logging


logger = logging.getLogger(__name__)

SECONDS = 600
_ACTIONS = (LOG_IN_FAILED, SECRET_REFUSED, SECOND_REFUSED)


def _key(action: str, login: str) -> str:
    text = "\0".join(("journal", action, login))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def failed(space, login: str, action: str = LOG_IN_FAILED) -> None:
    """Count a failed attempt; ``space`` is None for a name that nobody has."""
    store, now, key = limiter().store, clock.now(), _key(action, login)
    try:
        waiting, last = store.get([key]).get(key, (0.0, 0.0))
        if now - last < SECONDS:
            store.put(key, waiting + 1, last)
            return
        store.put(key, 0.0, now)
    except OSError:
        logger.exception("A failed attempt can't be counted")
        waiting = 0.0
    if space is not None:
        _note_later(space, action, int(waiting) + 1)


def _note_later(space, action: str, count: int) -> None:
    if space._p_jar is None:
        note(space, action, actor=UNKNOWN, count=count)
        return
    write = background.writer(space)
    background.later(
        lambda: write(lambda found: note(found, action, actor=UNKNOWN, count=count))
    )


def flush(space) -> None:
    """Note the attempts that were only counted so far, in the running transaction."""
    for action in _ACTIONS:
        _flush(space, action)


def _flush(space, action: str) -> None:
    store, key = limiter().store, _key(action, space.login)
    try:
        waiting, last = store.get([key]).get(key, (0.0, 0.0))
    except OSError:
        logger.exception("Failed attempts can't be read")
        return
    if not waiting:
        return
    note(space, action, actor=UNKNOWN, count=int(waiting))

    def forget() -> None:
        try:
            store.put(key, 0.0, last)
        except OSError:
            logger.exception("Failed attempts can't be forgotten")

    background.after_commit(forget)
