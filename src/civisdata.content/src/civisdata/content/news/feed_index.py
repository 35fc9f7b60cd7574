"""The catalog's index of public news, each list of it newest first.

A feed asks for publishers, topics and age brackets. An intersection of the catalog's own
indexes reads all news that have each of them; here each combination has its own sorted
list, so that a page costs what is on it, whatever the number of news and citizens.
"""

from BTrees.IOBTree import IOBTree
from BTrees.Length import Length
from BTrees.LLBTree import LLTreeSet
from BTrees.OOBTree import OOBTree
from civisdata.content.news.indexers import EVERYBODY
from civisdata.content.news.indexers import OWN
from collections.abc import Collection
from collections.abc import Iterator
from DateTime import DateTime
from heapq import merge
from itertools import product
from OFS.SimpleItem import SimpleItem
from persistent import Persistent
from plone import api
from Products.PluginIndexes.interfaces import IPluggableIndex
from Products.PluginIndexes.interfaces import ITransposeQuery
from typing import NamedTuple
from zope.interface import implementer


INDEX = "news_feed"

#: In the place of a publisher, topic or bracket: whichever it has.
ANY = ""

#: What decides on the lists of an item: a change of one of these is one of ours too.
DEPENDS_ON = (
    "allowedRolesAndUsers",
    "effective",
    "effectiveRange",
    "expires",
    "news_ages",
    "news_origin",
    "news_topics",
    "publisher",
    "review_state",
)

_EPOCH = 946684800  # 2000-01-01 UTC
_LATEST = 2**31 - 1
_ID_OFFSET = 2**31


class Entry(NamedTuple):
    """One public item; times in seconds since 1970."""

    order: int
    expires: float
    origin: str
    publisher: str
    topics: tuple[str, ...]
    brackets: tuple[str, ...]

    def lists(self) -> Iterator[tuple[str, str, str]]:
        """Give the lists that the item is on."""
        # What another publisher wrote stands once among the news of all: as the original.
        own = (self.publisher, ANY) if self.origin == OWN else (self.publisher,)
        return product(own, (*self.topics, ANY), (*self.brackets, ANY))


def order_of(seconds: float, document_id: int) -> int:
    """Return the place in a list: the newest has the smallest number."""
    since = max(-_LATEST, min(int(seconds) - _EPOCH, _LATEST))
    return -((since << 32) | (document_id + _ID_OFFSET))


def document_of(order: int) -> int:
    """Return the catalog's number of the item at this place."""
    return (-order & 0xFFFFFFFF) - _ID_OFFSET


def seconds_of(order: int) -> int:
    """Return the start of the publication of the item at this place."""
    return (-order >> 32) + _EPOCH


class LastChange(Persistent):
    """When public news last changed; of two at once, the later."""

    at = 0.0

    def _p_resolveConflict(self, old: dict, saved: dict, new: dict) -> dict:
        return {"at": max(saved.get("at", 0.0), new.get("at", 0.0))}


def _value(wrapped, name: str):
    value = getattr(wrapped, name, None)
    return value() if callable(value) else value


@implementer(IPluggableIndex, ITransposeQuery)
class FeedIndex(SimpleItem):
    """Holds what everybody may see and is published; dates are looked at when asked."""

    meta_type = "Civis Data feed index"

    def __init__(self, id: str = INDEX) -> None:
        self.id = id
        self.changed = LastChange()
        self.clear()

    def clear(self) -> None:
        self._lists = OOBTree()
        self._entries = IOBTree()
        self._length = Length()
        self._touch()

    def _touch(self) -> None:
        self.changed.at = max(self.changed.at, DateTime().timeTime())

    # What the catalog calls.

    def getIndexSourceNames(self) -> tuple[str, ...]:
        return DEPENDS_ON

    def getIndexQueryNames(self) -> tuple[str, ...]:
        return (self.id,)

    def getIndexNames(self) -> tuple[str, ...]:
        return DEPENDS_ON

    def make_query(self, query: dict) -> dict:
        return query

    def getEntryForObject(self, documentId: int, default=None):
        return self._entries.get(documentId, default)

    def numObjects(self) -> int:
        return self._length()

    def indexSize(self) -> int:
        return len(self._lists)

    def _apply_index(self, request) -> None:
        """Not asked through the catalog's queries."""
        return

    def index_object(self, documentId: int, obj, threshold=None) -> int:
        new, old = self._entry(documentId, obj), self._entries.get(documentId)
        if new == old:
            return 0
        if old is not None:
            self._remove(documentId, Entry(*old))
        if new is not None:
            self._entries[documentId] = tuple(new)
            self._length.change(1)
            for key in new.lists():
                if key not in self._lists:
                    self._lists[key] = LLTreeSet()
                self._lists[key].insert(new.order)
        self._touch()
        return 1

    def unindex_object(self, documentId: int) -> None:
        old = self._entries.get(documentId)
        if old is not None:
            self._remove(documentId, Entry(*old))
            self._touch()

    def _remove(self, document_id: int, entry: Entry) -> None:
        del self._entries[document_id]
        self._length.change(-1)
        for key in entry.lists():
            places = self._lists.get(key)
            if places is not None and entry.order in places:
                places.remove(entry.order)

    def _entry(self, document_id: int, obj) -> Entry | None:
        if _value(obj, "portal_type") != "News Item":
            return None
        if _value(obj, "review_state") != "published":
            return None
        publisher = _value(obj, "publisher")
        if not publisher or "Anonymous" not in (
            _value(obj, "allowedRolesAndUsers") or ()
        ):
            return None
        return Entry(
            order_of(_value(obj, "effective").timeTime(), document_id),
            _value(obj, "expires").timeTime(),
            _value(obj, "news_origin") or OWN,
            publisher,
            tuple(_value(obj, "news_topics") or (EVERYBODY,)),
            tuple(_value(obj, "news_ages") or (EVERYBODY,)),
        )

    # What the feed asks.

    def public_place(self, document_id: int, now: float) -> int | None:
        """Return the place of an item that is public at ``now``; None for all else."""
        found = self._entries.get(document_id)
        if found is None:
            return None
        entry = Entry(*found)
        public = seconds_of(entry.order) <= now < entry.expires
        return entry.order if public else None

    def newest(
        self,
        publishers: Collection[str] | None,
        topics: Collection[str] | None,
        brackets: Collection[str] | None,
        now: float,
    ) -> Iterator[int]:
        """Give the places of what is public at ``now``, newest first, each once.

        None stands for all. Read as far as wanted: nothing further is looked at.
        """
        keys = product(
            (ANY,) if publishers is None else sorted(set(publishers)),
            (ANY,) if topics is None else sorted(set(topics)),
            (ANY,) if brackets is None else sorted(set(brackets)),
        )
        found = (self._lists.get(key) for key in keys)
        start = order_of(now, _ID_OFFSET - 1)
        together = set(publishers or ())
        last = None
        for order in merge(*(places.keys(start) for places in found if places)):
            if order == last:
                continue
            last = order
            entry = Entry(*self._entries[document_of(order)])
            if entry.expires <= now:
                continue
            if len(together) > 1 and entry.origin in together:
                continue
            yield order


def add_index(tool=None) -> FeedIndex:
    """Return the index of this site's catalog; put it there where it is missing."""
    catalog = api.portal.get_tool("portal_catalog")
    if INDEX not in catalog.indexes():
        catalog._catalog.addIndex(INDEX, FeedIndex())
    return catalog._catalog.getIndex(INDEX)


def fill_index() -> int:
    """Add the index where it is missing, with all news; give how many are public."""
    index = add_index()
    catalog = api.portal.get_tool("portal_catalog")
    brains = catalog.unrestrictedSearchResults(portal_type="News Item")
    for number, brain in enumerate(brains, 1):
        item = brain._unrestrictedGetObject()
        catalog.catalog_object(item, brain.getPath(), idxs=[INDEX], update_metadata=0)
        if number % 500 == 0:
            catalog._p_jar.cacheGC()
    return index.numObjects()
