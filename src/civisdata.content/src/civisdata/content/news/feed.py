"""The feed: one look into the catalog, for the public pages and for a citizen's space."""

from civisdata.content.news.feed_index import document_of
from civisdata.content.news.feed_index import INDEX
from civisdata.content.news.feed_index import seconds_of
from civisdata.content.news.indexers import EVERYBODY
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from DateTime import DateTime
from datetime import datetime
from itertools import islice
from plone import api
from Products.CMFCore.indexing import processQueue


#: Items of a page of the feed.
PAGE_SIZE = 10

#: Keyword of the news that a new portal shows as examples.
EXAMPLE_SUBJECT = "Exemple"

#: Content types that are news.
NEWS_TYPES = ("News Item",)


@dataclass(frozen=True)
class FeedItem:
    """One entry of the feed, made from catalog metadata: no object is loaded."""

    uid: str
    title: str
    summary: str
    url: str
    publisher: str
    published: datetime
    example: bool
    image: str
    image_alt: str
    topics: tuple[str, ...] = ()
    source: str = ""
    modified: datetime | None = None


@dataclass(frozen=True)
class FeedPage:
    """A slice of the feed: the entries, where it starts, and whether others follow."""

    items: tuple[FeedItem, ...]
    start: int
    size: int
    more: bool = False

    @property
    def next_start(self) -> int | None:
        """Start of the following page, or ``None`` at the end."""
        return self.start + self.size if self.more else None

    @property
    def previous_start(self) -> int | None:
        """Start of the page before, or ``None`` at the beginning."""
        return max(0, self.start - self.size) if self.start else None


def _preview(brain) -> tuple[str, str]:
    """Return address and alternative text of the preview scale, from metadata alone."""
    for field in ("image", "preview_image"):
        for image in (brain.image_scales or {}).get(field) or ():
            scale = (image.get("scales") or {}).get("preview") or image
            alt = brain.news_image_alt
            return f"{brain.getURL()}/{scale['download']}", alt or ""
    return "", ""


def _item(brain) -> FeedItem:
    image, image_alt = _preview(brain)
    return FeedItem(
        uid=brain.UID,
        title=brain.Title,
        summary=brain.Description,
        url=brain.getURL(),
        publisher=brain.publisher or "",
        published=brain.effective.asdatetime(),
        example=EXAMPLE_SUBJECT in (brain.Subject or ()),
        image=image,
        image_alt=image_alt,
        topics=tuple(topic for topic in brain.news_topics or () if topic != EVERYBODY),
        source=brain.news_source or "",
        modified=brain.modified.asdatetime(),
    )


def feed(
    publishers: Collection[str] | None = None,
    topics: Collection[str] | None = None,
    brackets: Collection[str] | None = None,
    *,
    topic: str | None = None,
    start: int = 0,
    size: int = PAGE_SIZE,
) -> FeedPage:
    """Return the news that are public now, newest first.

    ``publishers`` holds publishers' ids (``cub``, communes' slugs), ``topics`` and
    ``brackets`` the ids that somebody chose: ``None`` means all, an empty collection of
    publishers no news, one of topics or brackets the news that concern everybody. What
    has no topic (or bracket) goes to everybody. ``topic`` keeps the news of this very
    topic only. Taken-over news are left out where the original is in the same feed. The
    cost is that of the entries up to the end of the page, whatever the number of
    citizens and of other news (see ``feed_index``).
    """
    return page_of(newest(publishers, topics, brackets, topic=topic), start, size)


def page_of(places: Iterable[int], start: int = 0, size: int = PAGE_SIZE) -> FeedPage:
    """Return a slice of what ``newest`` gives; only its entries are read."""
    start, size = max(0, start), max(1, min(size, 100))
    found = list(islice(places, start, start + size + 1))
    catalog = api.portal.get_tool("portal_catalog")._catalog
    return FeedPage(
        items=tuple(_item(catalog[document_of(place)]) for place in found[:size]),
        start=start,
        size=size,
        more=len(found) > size,
    )


def newest(
    publishers: Collection[str] | None = None,
    topics: Collection[str] | None = None,
    brackets: Collection[str] | None = None,
    *,
    topic: str | None = None,
) -> Iterator[int]:
    """Give the places (see ``feed_index``) of the news of ``feed``, newest first."""
    processQueue()
    if topic is not None:
        topics = (topic,)
    elif topics is not None:
        topics = {EVERYBODY, *topics}
    if brackets is not None:
        brackets = {EVERYBODY, *brackets}
    index = api.portal.get_tool("portal_catalog")._catalog.getIndex(INDEX)
    return index.newest(publishers, topics, brackets, DateTime().timeTime())


def places_of(uids: Collection[str]) -> frozenset[int]:
    """Return the places of those of these items that are public now."""
    catalog = api.portal.get_tool("portal_catalog")._catalog
    index, now = catalog.getIndex(INDEX), DateTime().timeTime()
    found = catalog.search({"UID": list(uids)}) if uids else ()
    places = {index.public_place(brain.getRID(), now) for brain in found}
    return frozenset(places - {None})


def among(places: Iterable[int], wanted: Collection[int]) -> Iterator[int]:
    """Give those of ``places``, newest first, that are wanted; older ones aren't read."""
    oldest = max(wanted, default=None)
    for place in places:
        if oldest is None or place > oldest:
            return
        if place in wanted:
            yield place


def uid_at(place: int) -> str:
    """Return the UID of the item at a place."""
    catalog = api.portal.get_tool("portal_catalog")._catalog
    return catalog.getIndex("UID").getEntryForObject(document_of(place), "")


def find_public(uid: str) -> tuple[str, int] | None:
    """Return address and start of publication of an item that is public now, or None."""
    catalog = api.portal.get_tool("portal_catalog")
    index = catalog._catalog.getIndex(INDEX)
    for brain in catalog.unrestrictedSearchResults(UID=uid):
        place = index.public_place(brain.getRID(), DateTime().timeTime())
        if place is not None:
            return brain.getURL(), seconds_of(place)
    return None
