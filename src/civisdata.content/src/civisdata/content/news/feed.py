"""The feed: one catalog query, for the public pages and for a citizen's space."""

from civisdata.content.news.indexers import EVERYBODY
from civisdata.content.news.indexers import OWN
from collections.abc import Collection
from dataclasses import dataclass
from DateTime import DateTime
from datetime import datetime
from plone import api


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


@dataclass(frozen=True)
class FeedPage:
    """A slice of the feed: the entries, where it starts, and how many there are."""

    items: tuple[FeedItem, ...]
    start: int
    size: int
    total: int

    @property
    def next_start(self) -> int | None:
        """Start of the following page, or ``None`` at the end."""
        after = self.start + self.size
        return after if after < self.total else None

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
    )


def feed(
    publishers: Collection[str] | None = None,
    topics: Collection[str] | None = None,
    brackets: Collection[str] | None = None,
    *,
    topic: str | None = None,
    uids: Collection[str] | None = None,
    start: int = 0,
    size: int = PAGE_SIZE,
) -> FeedPage:
    """Return the news that are public now, newest first.

    ``publishers`` holds publishers' ids (``cub``, communes' slugs), ``topics`` and
    ``brackets`` the ids that somebody chose: ``None`` means all, an empty collection of
    publishers no news, one of topics or brackets the news that concern everybody. What
    has no topic (or bracket) goes to everybody. ``topic`` keeps the news of this very
    topic only. Taken-over news are left out where the original is in the same feed. The
    cost is one query of the catalog, whatever the number of citizens: only the entries
    of the page are read.
    """
    start, size = max(0, start), max(1, min(size, 100))
    if (publishers is not None and not publishers) or (uids is not None and not uids):
        return FeedPage((), start, size, 0)
    query = {
        "portal_type": list(NEWS_TYPES),
        "review_state": "published",
        "effectiveRange": DateTime(),
        "sort_on": "effective",
        "sort_order": "reverse",
        "sort_limit": start + size,
    }
    if publishers is None:
        query["news_origin"] = OWN
    else:
        query["publisher"] = sorted(publishers)
        if len(publishers) > 1:
            query["news_origin"] = {"not": sorted(publishers)}
    if uids is not None:
        query["UID"] = list(uids)
    if topic is not None:
        query["news_topics"] = topic
    elif topics is not None:
        query["news_topics"] = sorted({EVERYBODY, *topics})
    if brackets is not None:
        query["news_ages"] = sorted({EVERYBODY, *brackets})
    brains = api.portal.get_tool("portal_catalog").searchResults(query)
    total = getattr(brains, "actual_result_count", len(brains))
    return FeedPage(
        items=tuple(_item(brain) for brain in brains[start : start + size]),
        start=start,
        size=size,
        total=total,
    )
