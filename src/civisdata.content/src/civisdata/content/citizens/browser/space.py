"""The home page of a personal space: the news its citizen chose, and the services."""

from civisdata.content import _
from civisdata.content.citizens.appearance.look import arranged
from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.newsread.browser.part import NewsPart
from civisdata.content.citizens.services import offered
from civisdata.content.citizens.services import offered_blocks
from datetime import datetime
from plone import api
from Products.Five import BrowserView
from zoneinfo import ZoneInfo
from zope.component import queryMultiAdapter
from zope.i18nmessageid import Message


def home_blocks() -> dict[str, Message]:
    """Return the blocks that citizens arrange, in the first order: id → name."""
    given = {block.view: block.title for block in offered_blocks() if block.title}
    return {**given, "actualites": _("My news"), "services": _("My services")}


class SpaceHome(NewsPart, BrowserView):
    """Default view of a personal space; the door lets its citizen alone come here."""

    page_title = _("My space")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

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
