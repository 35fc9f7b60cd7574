"""The advice that is due, on the home page of a space, and the button that puts it away."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.good_habits.series import Due
from civisdata.content.citizens.good_habits.series import due_for
from civisdata.content.citizens.good_habits.series import put_away
from civisdata.content.numbers import whole_number
from datetime import date
from datetime import datetime
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zoneinfo import ZoneInfo


#: No space is that old.
LAST_TURN = 100_000


def _today() -> date:
    return datetime.fromtimestamp(clock.now(), ZoneInfo("Europe/Paris")).date()


class GoodHabitBlock(BrowserView):
    """Shown until its citizen puts it away; nothing where none is due."""

    def __call__(self) -> str:
        return self.index() if self.due is not None else ""

    @cached_property
    def due(self) -> Due | None:
        return due_for(api.portal.get(), self.context, _today())

    def lines(self) -> list[str]:
        return self.due.text.split("\n")


class PutAway(BrowserView):
    """``@@bon-geste``: takes the button's POST; else the way to the home page."""

    def __call__(self) -> str:
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            number = whole_number(self.request.form.get("numero"), LAST_TURN)
            due = due_for(api.portal.get(), self.context, _today())
            if due is not None and number == due.number:
                put_away(self.context, number)
            api.portal.show_message(
                _("Thank you. The next good habit comes in its time."), self.request
            )
        self.request.response.redirect(self.context.absolute_url(), status=303)
        return ""
