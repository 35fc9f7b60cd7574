"""« Tâches »: what the portal does in the background, for webmasters and administrators."""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.tasks import store as states
from civisdata.content.tasks.interfaces import ITask
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.registry import nightly_tasks
from civisdata.content.tasks.schedule import PARIS
from civisdata.content.tasks.store import Row
from datetime import datetime
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five.browser import BrowserView
from zExceptions import Unauthorized
from zope.component import queryUtility
from zope.i18nmessageid import Message
import time


PAGE_SIZE = 25
RETRY = "civisdata.content: Retry tasks"

STATES = {
    states.WAITING: _("Waiting"),
    states.RUNNING: _("Running"),
    states.DONE: _("Done"),
    states.FAILED: _("Failed"),
}
#: Colours of the theme's labels.
BADGES = {
    states.WAITING: "badge",
    states.RUNNING: "badge text-bg-warning",
    states.DONE: "badge text-bg-success",
    states.FAILED: "badge text-bg-danger",
}
ERRORS = {
    states.DIED: _("The server stopped in the middle of it."),
    states.UNSURE: _(
        "The server stopped while it was being asked for. Check whether it is still "
        "needed before you run it again."
    ),
}


def shown_time(moment: float | None) -> str:
    """Return day and time in France, as one reads them."""
    if moment is None:
        return ""
    return datetime.fromtimestamp(moment, PARIS).strftime("%d/%m/%Y %H:%M")


class Tasks(BrowserView):
    """``@@taches``: the newest first, in pages; a failed one is run again by POST."""

    page_title = _("Tasks")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            return self._retry()
        return self.index()

    def _typed(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def url(self) -> str:
        return f"{self.context.absolute_url()}/@@taches"

    @property
    def may_retry(self) -> bool:
        return bool(getSecurityManager().checkPermission(RETRY, self.context))

    def _retry(self) -> str:
        if not self.may_retry:
            raise Unauthorized("retry")
        queue, task_id = get_queue(), self._typed("retry")
        if queue.store.retry(task_id, time.time()):
            queue.send(task_id)
            api.portal.show_message(_("The task is going to run again."), self.request)
        else:
            api.portal.show_message(
                _("Only a failed task can be run again."), self.request, "warning"
            )
        self.request.response.redirect(f"{self.url}?page={self.page}", status=303)
        return ""

    # What is shown

    @property
    def page(self) -> int:
        return whole_number(self._typed("page"), 10**6) or 1

    @cached_property
    def counts(self) -> dict[str, int]:
        return get_queue().store.count()

    def summary(self) -> list[dict]:
        """The number of tasks in each state."""
        return [
            {"title": title, "count": self.counts[state], "badge": BADGES[state]}
            for state, title in STATES.items()
        ]

    def nightly(self) -> list[dict]:
        """What runs each night, with the page of its report where it has one."""
        rows = sorted(nightly_tasks(), key=lambda item: (item.hour, item.name))
        return [
            {
                "title": item.title,
                "hour": _("at ${hour} h", mapping={"hour": item.hour}),
                "report": self._report(item),
            }
            for item in rows
        ]

    def _report(self, task: ITask | None) -> str:
        if task is None or not task.page:
            return ""
        return f"{self.context.absolute_url()}/@@{task.page}"

    def rows(self) -> list[dict]:
        found = get_queue().store.page((self.page - 1) * PAGE_SIZE, PAGE_SIZE)
        return [self._row(row) for row in found]

    def _row(self, row: Row) -> dict:
        task = queryUtility(ITask, name=row.name)
        return {
            "id": row.id,
            "title": row.name if task is None else task.title,
            "state": STATES[row.state],
            "badge": BADGES[row.state],
            "done": row.done,
            "total": row.total,
            "bar": row.state == states.RUNNING and row.total > 0,
            "count": self._count(row),
            "created": shown_time(row.created),
            "ended": shown_time(row.finished),
            "attempts": row.attempts,
            "error": ERRORS.get(row.error, row.error),
            "retry": row.state == states.FAILED and self.may_retry,
        }

    @staticmethod
    def _count(row: Row) -> Message | str:
        if row.total:
            return _(
                "${done} of ${total}", mapping={"done": row.done, "total": row.total}
            )
        return str(row.done) if row.done else ""

    # Pages

    @property
    def pages(self) -> int:
        return max(1, -(-sum(self.counts.values()) // PAGE_SIZE))

    @property
    def previous_url(self) -> str | None:
        return f"{self.url}?page={self.page - 1}" if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        return f"{self.url}?page={self.page + 1}" if self.page < self.pages else None
