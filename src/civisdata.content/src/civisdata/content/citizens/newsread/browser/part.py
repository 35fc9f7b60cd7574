"""The news on the home page of a space: what was chosen, unread ones marked."""

from civisdata.content import _
from civisdata.content.citizens.newsread.choices import Choices
from civisdata.content.citizens.newsread.choices import choices_of
from civisdata.content.citizens.newsread.marks import COUNTED
from civisdata.content.citizens.newsread.marks import Reading
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.news.ages import ages
from civisdata.content.news.dates import long_date
from civisdata.content.news.dates import PARIS
from civisdata.content.news.feed import FeedItem
from civisdata.content.news.feed import FeedPage
from civisdata.content.news.feed import newest
from civisdata.content.news.feed import page_of
from civisdata.content.news.topics import retired_topics
from civisdata.content.news.topics import topic_titles
from civisdata.content.numbers import whole_number
from civisdata.content.territory.directory import publisher_names
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode
from zope.i18nmessageid import Message
import time


def places_of(choices: Choices) -> Iterator[int]:
    """Give the places of the news of these choices, newest first."""
    return newest(
        choices.publishers, choices.topics, choices.brackets, topic=choices.topic
    )


class NewsPart:
    """What the view of a space's home needs to show the news."""

    @cached_property
    def registration(self) -> Registration:
        return registration_of(self.context)

    @cached_property
    def names(self) -> dict[str, str]:
        return publisher_names()

    @cached_property
    def topic_names(self) -> dict[str, str]:
        return topic_titles()

    @cached_property
    def choices(self) -> Choices:
        return choices_of(self.registration, datetime.now(PARIS).date(), ages())

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.context)

    @property
    def wants_news(self) -> bool:
        person = self.registration
        return bool(
            person.by_page and "news" in person.services and self.choices.publishers
        )

    def _asked(self, name: str) -> str:
        value = self.request.form.get(name)
        return value if isinstance(value, str) else ""

    @cached_property
    def shown(self) -> dict[str, str]:
        """What of the news is looked at: at most one of publisher, topic, unread."""
        if self._asked("de") in self.choices.publishers:
            return {"de": self._asked("de")}
        if self._asked("sujet") in self.choices.topics:
            return {"sujet": self._asked("sujet")}
        return {"lu": "non"} if self._asked("lu") == "non" else {}

    @cached_property
    def news(self) -> FeedPage:
        chosen = self.choices.only(
            publisher=self.shown.get("de", ""), topic=self.shown.get("sujet", "")
        )
        places = places_of(chosen)
        if "lu" in self.shown:
            places = self.reading.unread(places)
        start = whole_number(self.request.form.get("debut"), 100_000) or 0
        return page_of(places, start)

    @cached_property
    def unread_count(self) -> int:
        return self.reading.count(places_of(self.choices))

    @property
    def unread_words(self) -> Message:
        """How many news are unread, in words."""
        count = self.unread_count
        if count == 0:
            return _("You have read everything.")
        if count == 1:
            return _("1 unread news item")
        if count > COUNTED:
            return _("More than ${count} unread news", mapping={"count": COUNTED})
        return _("${count} unread news", mapping={"count": count})

    def is_read(self, item: FeedItem) -> bool:
        return self.reading.is_read(item.uid, int(item.published.timestamp()))

    def read_url(self, item: FeedItem) -> str:
        """Return the address by which the item opens and is noted as read."""
        return f"{self.context.absolute_url()}/@@lire-actualite?uid={item.uid}"

    def topics_of(self, item: FeedItem) -> list[str]:
        return [self.topic_names[id] for id in item.topics if id in self.topic_names]

    @property
    def now(self) -> int:
        return int(time.time())

    def news_url(self, start: int = 0, **shown: str) -> str:
        """Return the address of the home page with these news."""
        query = {**shown, **({"debut": start} if start else {})}
        url = self.context.absolute_url()
        return f"{url}?{urlencode(query)}#actualites" if query else f"{url}#actualites"

    def page_url(self, start: int) -> str:
        return self.news_url(start, **self.shown)

    def chips(self) -> list[dict]:
        """Return what can be looked at alone, without a change of the choices."""
        publishers = [
            ({"de": id}, self.names.get(id, id)) for id in self.choices.publishers
        ]
        topics = [
            ({"sujet": id}, self.topic_names[id])
            for id in self.choices.topics
            if id in self.topic_names
        ]
        rows = [
            ({}, _("All my news")),
            ({"lu": "non"}, _("Unread")),
            *(publishers if len(publishers) > 1 else ()),
            *topics,
        ]
        return [
            {
                "url": self.news_url(**shown),
                "title": title,
                "current": "true" if shown == self.shown else None,
            }
            for shown, title in rows
        ]

    def retired_topics(self) -> list[str]:
        """Titles of topics that were chosen and are no longer offered."""
        retired = retired_topics()
        return [retired[id] for id in self.registration.topics if id in retired]

    def day(self, moment: datetime) -> str:
        return long_date(moment)
