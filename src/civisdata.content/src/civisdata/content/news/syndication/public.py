"""The feeds that there are: of all news, of a publisher, and each by topic."""

from civisdata.content import _
from civisdata.content.news.feed import FeedItem
from civisdata.content.news.feed import newest
from civisdata.content.news.feed import page_of
from civisdata.content.news.feed_index import INDEX
from civisdata.content.news.syndication.feeds import ENTRIES
from civisdata.content.news.syndication.feeds import Entry
from civisdata.content.news.syndication.feeds import Feed
from civisdata.content.news.topics import topic_titles
from civisdata.content.territory.directory import publisher_names
from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from plone import api
from urllib.parse import urlencode


@dataclass(frozen=True)
class Source:
    """Where a feed comes from: nothing for all publishers, nothing for all topics."""

    publisher: str = ""
    topic: str = ""

    @property
    def base(self) -> str:
        """The address of the place whose news it has."""
        portal = api.portal.get()
        place = portal.get(self.publisher) if self.publisher else portal
        if place is None:
            place = portal["communes"][self.publisher]
        return place.absolute_url()

    def _url(self, path: str) -> str:
        query = f"?{urlencode({'sujet': self.topic})}" if self.topic else ""
        return f"{self.base}/{path}{query}"

    @property
    def page(self) -> str:
        return self._url("actualites")

    @property
    def atom(self) -> str:
        return self._url("@@actualites.atom")

    @property
    def json(self) -> str:
        return self._url("@@actualites.json")

    def title(self) -> str:
        """Return what the feed is called, in the portal's language."""
        portal = api.portal.get()
        who = publisher_names().get(self.publisher, portal.Title())
        if not self.topic:
            text = _("News: ${who}", mapping={"who": who})
        else:
            topic = topic_titles().get(self.topic, self.topic)
            text = _(
                "News: ${who}, ${topic}", mapping={"who": who, "topic": topic.lower()}
            )
        return api.portal.translate(text)


def make_feed(source: Source) -> Feed:
    """Return the newest public news of a source, whoever asks."""
    publishers = [source.publisher] if source.publisher else None
    items = page_of(newest(publishers, topic=source.topic or None), size=ENTRIES).items
    names, topics = publisher_names(), topic_titles()
    entries = [_entry(item, names, topics) for item in items]
    return Feed(
        title=source.title(),
        page=source.page,
        atom=source.atom,
        json=source.json,
        author=names.get(source.publisher, api.portal.get().Title()),
        entries=entries,
        updated=_changed(entries),
    )


def _entry(item: FeedItem, names: dict[str, str], topics: dict[str, str]) -> Entry:
    return Entry(
        uid=item.uid,
        url=item.url,
        title=item.title,
        summary=item.summary,
        author=names.get(item.publisher, ""),
        published=item.published,
        # What was edited before its publication is new at its publication.
        updated=max(item.modified, item.published),
        topics=tuple((id, topics[id]) for id in item.topics if id in topics),
        image=item.image,
    )


def _changed(entries: list[Entry]) -> datetime:
    """Return when the feed last changed: by an edit, a start or a withdrawal."""
    index = api.portal.get_tool("portal_catalog")._catalog.getIndex(INDEX)
    noted = datetime.fromtimestamp(int(index.changed.at), UTC)
    return max([noted, *(entry.updated for entry in entries)])
