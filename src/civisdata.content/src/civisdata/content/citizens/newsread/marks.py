"""Which news a citizen has read: a moment, and a mark for each item read after it.

All that was published up to the moment counts as read. A mark is a keyed hash (the
pepper lies outside the database): a copy of the database doesn't tell who read what. The
marks are bounded: where there are too many, the moment moves on and they go.
"""

from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.accounts import pepper
from civisdata.content.news.feed import uid_at
from civisdata.content.news.feed_index import seconds_of
from collections.abc import Iterable
from collections.abc import Iterator
from itertools import islice
from persistent import Persistent
import hashlib
import hmac


#: Marks that are kept at most; then the newest half of so many news keeps its own.
LIMIT = 200

#: Unread news are counted as far as this.
COUNTED = 50

#: Days before the activation from which news are new to a newcomer.
BEFORE = 30

_SIZE = 8
_LABEL = b"civisdata news read 1\0"


class ReadNews(Persistent):
    """What is stored: seconds since 1970, and marks one after the other."""

    until = 0
    marks = b""


class Reading:
    """What one citizen has read, with the key opened once; changes nothing."""

    def __init__(self, space) -> None:
        self._key = hmac.new(pepper(), _LABEL + space.getId().encode(), hashlib.sha256)
        stored = space._news_read
        self.until = _beginning(space) if stored is None else stored.until
        marks = b"" if stored is None else stored.marks
        self.marks = [marks[at : at + _SIZE] for at in range(0, len(marks), _SIZE)]
        self._known = frozenset(self.marks)

    def mark(self, uid: str) -> bytes:
        digest = self._key.copy()
        digest.update(b"\0" + uid.encode())
        return digest.digest()[:_SIZE]

    def is_read(self, uid: str, seconds: float) -> bool:
        """Say whether the item with this UID, public since ``seconds``, was read."""
        return seconds <= self.until or self.mark(uid) in self._known

    def unread(self, places: Iterable[int]) -> Iterator[int]:
        """Give those places of a feed, newest first, whose items were not read."""
        for place in places:
            seconds = seconds_of(place)
            if seconds <= self.until:
                return
            if not self.is_read(uid_at(place), seconds):
                yield place

    def count(self, places: Iterable[int]) -> int:
        """Return how many news were not read; ``COUNTED`` + 1 stands for more."""
        return sum(1 for _ in islice(self.unread(places), COUNTED + 1))


def _beginning(space) -> int:
    """Return the moment of who has marked nothing so far."""
    activated = need_account(space).activated if space._account is not None else None
    return max(0, int((activated or 0) - BEFORE * 86400))


def _stored(space, reading: Reading) -> ReadNews:
    if space._news_read is None:
        space._news_read = ReadNews()
        space._news_read.until = reading.until
    return space._news_read


def mark_read(space, uid: str, seconds: float, places: Iterable[int]) -> bool:
    """Note that the item ``uid``, public since ``seconds``, was read; False if known.

    ``places`` is the citizen's feed, newest first; only looked at where there are too
    many marks.
    """
    reading = Reading(space)
    if reading.is_read(uid, seconds):
        return False
    stored = _stored(space, reading)
    stored.marks += reading.mark(uid)
    if len(stored.marks) > LIMIT * _SIZE:
        _shorten(stored, Reading(space), places)
    return True


def _shorten(stored: ReadNews, reading: Reading, places: Iterable[int]) -> None:
    """Move the moment to the oldest of the newest news; keep the marks of these."""
    newest = list(islice(places, LIMIT // 2 + 1))
    if len(newest) > LIMIT // 2:
        stored.until = max(stored.until, seconds_of(newest.pop()))
    known = set(reading.marks)
    marks = [reading.mark(uid_at(place)) for place in newest]
    stored.marks = b"".join(mark for mark in marks if mark in known)


def mark_all_read(space, until: float) -> None:
    """Note all that was published up to ``until`` as read; never less than before."""
    reading = Reading(space)
    stored = _stored(space, reading)
    if until > stored.until:
        stored.until = int(until)
        stored.marks = b""
