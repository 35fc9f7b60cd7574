"""``@@mes-demarches`` and ``@@mes-demarches/<id>``: which papers are already here."""

from civisdata.content import _
from civisdata.content.contacts.browser.procedures import ProcedureTraverser
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import themes
from civisdata.content.news.dates import long_date
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.procedures.held import EXPIRED
from civisdata.content.vault.procedures.held import Held
from civisdata.content.vault.procedures.held import OLD
from civisdata.content.vault.procedures.held import papers_held
from datetime import datetime
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zoneinfo import ZoneInfo


_PARIS = ZoneInfo("Europe/Paris")


class OwnProcedures(ProcedureTraverser, VaultView):
    """The list of procedures with what is missing, and the page of each."""

    list_page = ViewPageTemplateFile("templates/procedures.pt")
    one_page = ViewPageTemplateFile("templates/procedure.pt")
    page_title = _("My procedures")

    def respond(self):
        return self.one_page() if self.procedure else self.list_page()

    @property
    def url(self) -> str:
        return f"{self.space_url}/@@mes-demarches"

    @cached_property
    def contents(self) -> Contents:
        return open_contents(self.vault, self.space_id, self.bundle)

    @cached_property
    def today(self):
        return datetime.now(_PARIS).date()

    def held(self, needed) -> list[Held]:
        return papers_held(self.contents, needed, self.today)

    def themes(self) -> list[dict]:
        return [
            {
                "title": theme.title,
                "procedures": [
                    {
                        "title": found.title,
                        "url": f"{self.url}/{found.id}",
                        "ready": self.text(self._ready(found)),
                    }
                    for found in theme.procedures
                ],
            }
            for theme in themes()
        ]

    def _ready(self, found: Procedure):
        count = sum(
            any(held.state != EXPIRED for held in self.held(needed))
            for needed in found.papers
        )
        return _(
            "${count} of ${total} papers are here",
            mapping={"count": count, "total": len(found.papers)},
        )

    def rows(self) -> list[dict]:
        """The papers needed, each with the documents that can serve."""
        return [
            {
                "title": needed.title,
                "documents": [
                    {
                        "title": held.title,
                        "url": f"{self.list_url}/{held.document_id}/lire",
                        "text": self.text(self._state(held)),
                    }
                    for held in self.held(needed)
                ],
            }
            for needed in self.procedure.papers
        ]

    def _state(self, held: Held):
        if held.state == EXPIRED:
            return _("expired since ${day}", mapping={"day": self.day(held.last_day)})
        if held.state == OLD:
            return _(
                "stored on ${day}: check that it is recent enough",
                mapping={"day": self.day(held.stored_on)},
            )
        if held.last_day is not None:
            return _("valid until ${day}", mapping={"day": self.day(held.last_day)})
        return _("stored on ${day}", mapping={"day": self.day(held.stored_on)})

    def day(self, day) -> str:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=_PARIS)
        return long_date(moment, api.portal.get_current_language())
