"""Entries for pages that are asked for: once for several requests of one visit.

Opening a document is many requests (its page, each picture, each range of a download),
and most of them only read. So an action on an item by one session is noted once in a
while, and where a GET writes, just the objects of the journal are declared safe.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.current import current_session
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.journal.storage import note
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from plone.protect.utils import safeWrite
import hashlib


#: For how long a repeated reading is the same one, and the ranges of one download.
VISIT_SECONDS = 600
DOWNLOAD_SECONDS = 12 * 3600
#: Set in the environment of a request whose answer is not given out but for its head.
HEAD_KEY = "civisdata.head"
#: How many entries are looked at for a former one, at most.
_LOOKED_AT = 500


def session_tag(session) -> str:
    """Return what tells the sessions of one journal apart, and nothing else."""
    digest = hashlib.sha256(f"civisdata journal session\0{session.id_hash}".encode())
    return digest.hexdigest()[:8]


def note_once(
    space,
    request,
    action: str,
    *,
    item: str = "",
    window: int = VISIT_SECONDS,
    **details: str | int,
) -> Entry | None:
    """Note what the citizen does in the session of ``request``.

    Returns None, and writes nothing, where the same session has done the same to the
    same item in the last ``window`` seconds (0 for what can't be done twice), and where
    nothing but the head of the answer was asked for.
    """
    if HEAD_KEY in request.environ:
        return None
    session = current_session(request)
    tag = "" if session is None else session_tag(session)
    if window and _is_noted(space, action, item, tag, window):
        return None
    with safe_to_write(space, request):
        return note(space, action, item=item, session=tag, **details)


def note_look(
    space, request, action: str, actor: str, window: int = DOWNLOAD_SECONDS
) -> Entry | None:
    """Note that staff looked at something of a space, once in ``window`` seconds.

    By administration, not by person: a chain isn't to grow with each click.
    """
    if HEAD_KEY in request.environ:
        return None
    since = clock.now() - window
    for entry in islice(get_journal(space).newest_first(), _LOOKED_AT):
        if entry.time < since:
            break
        if (entry.action, entry.actor) == (action, actor):
            return None
    with safe_to_write(space, request):
        return note(space, action, actor=actor)


def _is_noted(space, action: str, item: str, tag: str, window: int) -> bool:
    since = clock.now() - window
    for entry in islice(get_journal(space).newest_first(), _LOOKED_AT):
        if entry.time < since:
            return False
        same = (entry.action, entry.item) == (action, item)
        if same and entry.details.get("session") == tag:
            return True
    return False


@contextmanager
def safe_to_write(space, request) -> Iterator[None]:
    """Let a request that only reads write what is changed within, and nothing else.

    plone.protect refuses writes of requests without its token. A reading has to be
    noted all the same, and a forged one changes nothing but the journal: the session's
    cookie doesn't come along from other sites.
    """
    jar = space._p_jar
    before = set() if jar is None else {id(o) for o in jar._registered_objects}
    yield
    for changed in () if jar is None else jar._registered_objects:
        if id(changed) not in before:
            safeWrite(changed, request)
