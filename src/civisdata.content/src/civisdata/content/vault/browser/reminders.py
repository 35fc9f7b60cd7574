"""``@@rappels``, and what the space's home page shows of it."""

from civisdata.content import _
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.rows import in_words
from civisdata.content.vault.browser.rows import written_day
from civisdata.content.vault.papers import PAPERS
from civisdata.content.vault.reminder_mail import set_wish
from civisdata.content.vault.reminder_mail import wish_of
from civisdata.content.vault.reminders import dated
from civisdata.content.vault.reminders import Due
from civisdata.content.vault.reminders import due
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


class _DueView(VaultView):
    def _row(self, one: Due) -> dict:
        paper = None if one.temporary else PAPERS.get(one.metadata.paper)
        return {
            "title": one.metadata.title,
            "url": f"{self.list_url}/{one.id}/modifier",
            "paper": self.text(paper.title) if paper else "",
            "advice": self.text(paper.advice) if paper and paper.advice else "",
            "link": paper.link if paper else "",
            "site": paper.link.removeprefix("https://").strip("/") if paper else "",
            "day": written_day(one.day),
            "iso": one.day.isoformat(),
            "words": in_words(self, one.left),
            "over": one.over,
            "soon": one.soon,
            "temporary": one.temporary,
        }


class Reminders(_DueView):
    """All documents that end, and the wish for letters."""

    index = ViewPageTemplateFile("templates/reminders.pt")
    page_title = _("Reminders")

    def respond(self):
        if self.request.method == "POST":
            self.check_token()
            wanted = bool(self.field("courriel"))
            set_wish(self.context, wanted, self.opened.contents(), self.today)
            message = (
                _("You will be reminded by e-mail.")
                if wanted
                else _("You will not be reminded by e-mail.")
            )
            return self.go(f"{self.space_url}/@@rappels", message)
        self.here = self.open_contents()
        return self.index()

    @property
    def wished(self) -> bool:
        return wish_of(self.context) is not None

    @cached_property
    def rows(self) -> list[dict]:
        return [self._row(one) for one in dated(self.here, self.today)]


class RemindersBlock(_DueView):
    """« À renouveler » on the home page of an unlocked space; nothing where it is empty."""

    index = ViewPageTemplateFile("templates/reminders_block.pt")

    def locked(self) -> str:
        return ""

    def respond(self) -> str:
        self.rows = [self._row(one) for one in due(self.open_contents(), self.today)]
        return self.index() if self.rows else ""
