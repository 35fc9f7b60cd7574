"""``/espaces/@@courriers-inscriptions``: letters with first passwords, printed in runs."""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.office import letter_pdf
from civisdata.content.citizens.office import printing
from civisdata.content.citizens.office.browser.base import DeskPage
from civisdata.content.citizens.office.browser.base import shown_actor
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
import transaction


PRINT = "civisdata.content: Print letters"


class Letters(DeskPage):
    """What waits, and the last runs. The PDF is the answer to a POST: it is given once."""

    page_title = _("Letters to print")
    letters_page = ViewPageTemplateFile("templates/letter.pt")
    in_a_run = printing.IN_A_RUN

    def check_rights(self) -> None:
        """A letter opens an account that nobody has opened yet: few print them."""
        if not getSecurityManager().checkPermission(PRINT, self.context):
            raise NotFound("letters")

    @property
    def may_act(self) -> bool:
        return True

    @property
    def url(self) -> str:
        return f"{self.base_url}/@@courriers-inscriptions"

    @property
    def waiting(self) -> int:
        return printing.waiting(self.context)

    @property
    def next_run(self) -> int:
        return min(self.waiting, printing.IN_A_RUN)

    def runs(self) -> list[dict]:
        found = sorted(
            self.office.runs.items(), key=lambda row: row[1].created, reverse=True
        )
        return [
            {
                "id": run_id,
                "when": written_moment(run.created),
                "who": shown_actor(run.actor),
                "count": len(run.ids),
                "put_back": run.put_back,
            }
            for run_id, run in found[:20]
        ]

    def act(self) -> str | bytes | None:
        action = self.typed("action")
        try:
            if action == "print":
                return self._print()
            if action == "put_back":
                return self._put_back()
        except printing.NothingToPrint:
            transaction.abort()
            self.refuse_with(_("There is nothing to print (any more)."))
        except TooBusy:
            transaction.abort()
            self.refuse_with(
                _("The service is very busy. Please try again in a moment."), 503
            )
        return None

    def _print(self) -> bytes:
        made = printing.print_run(self.context, self.me)
        portal = api.portal.get()
        html = self.letters_page(
            letters=made,
            site=portal.Title(),
            sender=self.translated(_("Registrations service")),
            login_url=f"{portal.absolute_url()}/login",
        )
        data = letter_pdf.pdf_of(html)
        response = self.request.response
        response.setHeader("Content-Type", "application/pdf")
        response.setHeader(
            "Content-Disposition", 'attachment; filename="courriers.pdf"'
        )
        response.setHeader("Content-Length", str(len(data)))
        return data

    def translated(self, message) -> str:
        return api.portal.translate(message, lang=api.portal.get_default_language())

    def _put_back(self) -> str:
        count = printing.put_back(self.context, self.typed("run"), self.me)
        self.say(
            _(
                "Letters that are to be printed anew: ${count}.",
                mapping={"count": count},
            )
        )
        return self.redirect(self.url)
