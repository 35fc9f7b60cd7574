"""``@@qui-voit-quoi``: one page with everything, and one button that stops each."""

from civisdata.content import _
from civisdata.content.citizens.access import Access
from civisdata.content.citizens.access import access_sources
from civisdata.content.citizens.dates import ZONE
from civisdata.content.news.dates import long_date
from civisdata.content.territory.directory import publisher_names
from civisdata.content.vault.browser.base import VaultView
from datetime import datetime
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound


class WhoSeesWhat(VaultView):
    """Lists what all rooms say, and stops what is asked for."""

    index = ViewPageTemplateFile("templates/who_sees_what.pt")
    page_title = _("Who sees what")

    def respond(self):
        if self.request.get("REQUEST_METHOD") == "POST":
            self.check_token()
            return self.stop()
        self.announce()
        return self.index()

    def stop(self):
        source = access_sources().get(self._typed("source"))
        if source is None:
            raise NotFound("source")
        message = _("This access has ended.")
        try:
            source.stop(self.context, self.request, self.bundle, self._typed("id"))
        except KeyError:
            message = _("This access had ended already.")
        api.portal.show_message(message, self.request)
        self.request.response.redirect(f"{self.space_url}/@@qui-voit-quoi", status=303)
        return ""

    def _typed(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def groups(self) -> list[dict]:
        """What each room lists, with its title."""
        return [
            {
                "name": name,
                "title": source.title,
                "none": source.none,
                "rows": [
                    self._row(access)
                    for access in source.entries(
                        self.context, self.request, self.bundle
                    )
                ],
            }
            for name, source in access_sources().items()
        ]

    def _row(self, access: Access) -> dict:
        who, what = self.text(access.who), self.text(access.what)
        return {
            "id": access.id,
            "who": who,
            "what": what,
            "right": access.right,
            "since": self._day(access.since) if access.since else "",
            # The last day is the one before the moment of the end.
            "until": self._day(access.until - 1) if access.until else "",
            "stop": access.stop,
            "label": f"{self.text(access.stop)} : {who}, {what}",
        }

    def _day(self, seconds: float) -> str:
        language = self.request.get("LANGUAGE") or "fr"
        return long_date(datetime.fromtimestamp(seconds, ZONE), language)

    @property
    def commune(self) -> str:
        return publisher_names().get(self.context.commune, "")

    @property
    def printed_on(self) -> str:
        return self._day(datetime.now(ZONE).timestamp())
