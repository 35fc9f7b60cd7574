"""The log of news that became public: each has one number, once and for all.

What a reader has not been mailed yet is what has a higher number than the reader's last
issue. An item that is withdrawn and published again keeps its number, so that nobody is
mailed it twice; no list of items is kept for each reader.
"""

from AccessControl.SecurityManagement import getSecurityManager
from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.SecurityManagement import setSecurityManager
from AccessControl.users import nobody
from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOTreeSet
from civisdata.content.news.feed import EXAMPLE_SUBJECT
from collections.abc import Iterator
from contextlib import contextmanager
from DateTime import DateTime
from persistent import Persistent
from plone import api


DAY = 24 * 3600

#: Days after its date of publication during which an item is still news.
FRESH = 8

#: Days for which the log keeps what is to be mailed.
KEPT = 30


@contextmanager
def as_visitor() -> Iterator[None]:
    """See the portal as everybody does: tasks run with the rights of the system."""
    former = getSecurityManager()
    newSecurityManager(None, nobody)
    try:
        yield
    finally:
        setSecurityManager(former)


class Arrivals(Persistent):
    """Numbered news: (UID, time) by number, and all UIDs that ever had one."""

    def __init__(self) -> None:
        self.last = 0
        self._by_number = IOBTree()
        self._known = OOTreeSet()

    def add(self, uid: str, at: float) -> None:
        """Give the next number; nothing happens where the item has one."""
        if self._known.insert(uid):
            self.last += 1
            self._by_number[self.last] = (uid, at)

    def knows(self, uid: str) -> bool:
        return uid in self._known

    def numbers(self) -> dict[str, tuple[int, float]]:
        """Return number and time of what may still be mailed, by UID."""
        return {uid: (number, at) for number, (uid, at) in self._by_number.items()}

    def forget_before(self, at: float) -> None:
        """Drop what is too old to be mailed; it is still known."""
        for number, (_uid, when) in list(self._by_number.items()):
            if when < at:
                del self._by_number[number]


def note_arrivals(arrivals: Arrivals, now: float) -> int:
    """Number the news that have become public; return the highest number."""
    catalog = api.portal.get_tool("portal_catalog")
    with as_visitor():
        brains = catalog.searchResults(
            portal_type="News Item",
            review_state="published",
            effectiveRange=DateTime(now),
            effective={"query": DateTime(now - FRESH * DAY), "range": "min"},
            sort_on="effective",
        )
        for brain in brains:
            if EXAMPLE_SUBJECT not in (brain.Subject or ()):
                arrivals.add(brain.UID, min(now, float(brain.effective)))
    arrivals.forget_before(now - KEPT * DAY)
    return arrivals.last
