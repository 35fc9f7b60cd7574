"""The home page of a personal space: the news its citizen chose, and the services."""

from civisdata.content import _
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

    def blocks(self) -> list[str]:
        """What rooms want to be seen at once, as HTML; empty ones are left out."""
        views = (
            queryMultiAdapter((self.context, self.request), name=name)
            for name in offered_blocks()
        )
        return [html for view in views if view is not None and (html := view())]
