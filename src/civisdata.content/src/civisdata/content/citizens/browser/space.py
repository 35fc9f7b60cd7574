"""The home page of a personal space: the news its citizen chose, and the services."""

from civisdata.content import _
from civisdata.content.citizens.appearance.look import arranged
from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.services import offered
from civisdata.content.citizens.services import offered_blocks
from civisdata.content.news.dates import long_date
from civisdata.content.news.feed import feed
from civisdata.content.news.feed import FeedPage
from civisdata.content.news.topics import retired_topics
from civisdata.content.numbers import whole_number
from civisdata.content.territory.directory import publisher_names
from datetime import datetime
from functools import cached_property
from plone import api
from Products.Five import BrowserView
from zoneinfo import ZoneInfo
from zope.component import queryMultiAdapter
from zope.i18nmessageid import Message


def home_blocks() -> dict[str, Message]:
    """Return the blocks that citizens arrange, in the first order: id → name."""
    given = {block.view: block.title for block in offered_blocks() if block.title}
    return {**given, "actualites": _("My news"), "services": _("My services")}


class SpaceHome(BrowserView):
    """Default view of a personal space; the door lets its citizen alone come here."""

    page_title = _("My space")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

    @cached_property
    def registration(self) -> Registration:
        return registration_of(self.context)

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    @property
    def greeting(self) -> Message:
        hour = datetime.now(ZoneInfo("Europe/Paris")).hour
        name = {"name": self.registration.first_name}
        if 5 <= hour < 18:
            return _("Hello ${name}", mapping=name)
        return _("Good evening ${name}", mapping=name)

    @property
    def unlocked(self) -> bool:
        """Whether the documents can be opened in this session."""
        return current_bundle(self.request) is not None

    @cached_property
    def names(self) -> dict[str, str]:
        return publisher_names()

    @property
    def commune(self) -> str:
        return self.names.get(self.registration.commune, "")

    def services(self) -> list[dict]:
        """The cards: services whose page exists in this portal."""
        url = self.context.absolute_url()
        return [
            {
                "url": f"{url}/@@{service.view}",
                "title": service.title,
                "text": service.text,
                "icon": service.icon,
            }
            for service in offered()
            if queryMultiAdapter((self.context, self.request), name=service.view)
            is not None
        ]

    def _html(self, name: str) -> str:
        """What a room wants to be seen at once, as HTML; it may be nothing."""
        view = queryMultiAdapter((self.context, self.request), name=name)
        return "" if view is None else view()

    def notices(self) -> list[str]:
        """What stays on top, wherever the citizen puts the other blocks."""
        names = [block.view for block in offered_blocks() if not block.title]
        return [html for name in names if (html := self._html(name))]

    def blocks(self) -> list[dict]:
        """The blocks in the order chosen; ``html`` of those that rooms gave."""
        found = []
        for name in arranged(look_of(self.context).order, home_blocks()):
            own = name in ("actualites", "services")
            html = "" if own else self._html(name)
            if own or html:
                found.append({"name": name, "html": html})
        return found

    @property
    def wants_news(self) -> bool:
        person = self.registration
        return person.by_page and "news" in person.services and bool(self.publishers)

    @property
    def publishers(self) -> list[str]:
        """The publishers chosen: the CUB, the own commune, or both."""
        chosen = self.registration.publishers
        return [
            publisher
            for kind, publisher in (
                ("cub", "cub"),
                ("commune", self.registration.commune),
            )
            if kind in chosen
        ]

    @cached_property
    def news(self) -> FeedPage:
        start = whole_number(self.request.form.get("debut"), 100_000) or 0
        person = self.registration
        bracket = person.bracket_on(datetime.now(ZoneInfo("Europe/Paris")).date())
        return feed(
            self.publishers,
            person.topics,
            None if person.ages == "all" else [bracket] if bracket else [],
            start=start,
        )

    def retired_topics(self) -> list[str]:
        """Titles of topics that were chosen and are no longer offered."""
        retired = retired_topics()
        return [retired[id] for id in self.registration.topics if id in retired]

    def news_url(self, start: int) -> str:
        url = self.context.absolute_url()
        return f"{url}?debut={start}#actualites" if start else f"{url}#actualites"

    def day(self, moment: datetime) -> str:
        return long_date(moment)
