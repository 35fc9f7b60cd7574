"""``@@bons-gestes-controlpanel``: the series, its order and its rhythm."""

from civisdata.content import _
from civisdata.content.citizens.good_habits.series import BadSeries
from civisdata.content.citizens.good_habits.series import Habit
from civisdata.content.citizens.good_habits.series import keep
from civisdata.content.citizens.good_habits.series import LONGEST_TEXT
from civisdata.content.citizens.good_habits.series import LONGEST_TITLE
from civisdata.content.citizens.good_habits.series import MOST_DAYS
from civisdata.content.citizens.good_habits.series import next_id
from civisdata.content.citizens.good_habits.series import Series
from civisdata.content.citizens.good_habits.series import series_of
from civisdata.content.numbers import whole_number
from dataclasses import asdict
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zope.i18nmessageid import Message
import json


#: Place of what has none.
LAST = 999


class GoodHabitsPanel(BrowserView):
    """Write, order, pause and delete « bons gestes »."""

    page_title = _("Good habits")
    error: Message | None = None
    longest_title = LONGEST_TITLE
    longest_text = LONGEST_TEXT
    most_days = MOST_DAYS

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.posted:
            CheckAuthenticator(self.request)
            if self._save():
                api.portal.show_message(_("The good habits are saved."), self.request)
                self.request.response.redirect(self.url, status=303)
                return ""
            self.request.response.setStatus(400)
        return self.index()

    @property
    def posted(self) -> bool:
        return self.request.get("REQUEST_METHOD") == "POST"

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@bons-gestes-controlpanel"

    @cached_property
    def series(self) -> Series:
        return series_of(api.portal.get())

    @property
    def version(self) -> str:
        """What tells whether somebody else has changed the series meanwhile."""
        return sha256(json.dumps(asdict(self.series)).encode()).hexdigest()[:16]

    def _typed(self, name: str) -> str:
        value = self.request.form.get(name)
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    @property
    def days(self) -> str:
        return self._typed("days") if self.posted else str(self.series.days)

    def rows(self) -> list[dict]:
        """The rows of the form, as they were typed; the last, empty one is a new one."""
        found = []
        for number, habit in enumerate((*self.series.habits, _NEW), 1):
            row = {**asdict(habit), "position": str(number), "delete": False}
            row["new"] = habit is _NEW
            if self.posted:
                for name in ("title", "text", "position"):
                    row[name] = self._typed(f"{name}-{habit.id}")
                for name in ("active", "delete"):
                    row[name] = bool(self._typed(f"{name}-{habit.id}"))
            found.append(row)
        return found

    def _wanted(self) -> Series:
        kept = []
        for row in self.rows():
            if row["delete"] or (row["new"] and not row["title"] and not row["text"]):
                continue
            place = whole_number(row["position"], LAST)
            habit = Habit(
                row["id"], " ".join(row["title"].split()), row["text"], row["active"]
            )
            if row["new"]:
                habit = replace(habit, id=next_id(self.series.habits))
            kept.append((LAST if place is None else place, habit))
        kept.sort(key=lambda pair: pair[0])
        days = whole_number(self.days, MOST_DAYS)
        return Series(tuple(habit for _place, habit in kept), days or 0)

    def _save(self) -> bool:
        if self._typed("version") != self.version:
            self.error = _(
                "Somebody else has changed the good habits meanwhile: nothing was "
                "saved. Look at them and make your changes again."
            )
            return False
        try:
            keep(api.portal.get(), self._wanted())
        except BadSeries as error:
            self.error = error.message
            return False
        return True


_NEW = Habit("new", "", "")
