"""``@@envois-actualites``: how the mails of news went; no name, no address."""

from civisdata.content import _
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.news.dates import long_moment
from civisdata.content.news.dates import PARIS
from datetime import datetime
from functools import cached_property
from plone import api
from Products.Five import BrowserView


def _moment(seconds: float) -> str:
    return long_moment(datetime.fromtimestamp(seconds, PARIS)) if seconds else ""


class Report(BrowserView):
    """The last run of each rhythm, and mails of which nobody knows whether they left."""

    page_title = _("News by e-mail: what was sent")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

    @cached_property
    def book(self):
        return get_book(api.portal.get())

    def rows(self) -> list[dict]:
        catalog, runs = catalog_of(get_spaces(api.portal.get())), self.book.runs()
        found = []
        for rhythm, title in RHYTHMS.items():
            run = runs.get(rhythm)
            found.append(
                {
                    "title": title,
                    "readers": catalog.count_rhythm(rhythm),
                    "began": _moment(run.began) if run else "",
                    "sent": run.sent if run else 0,
                    "finished": run is None or run.finished,
                }
            )
        return found

    def uncertain(self) -> list[dict]:
        """The newest first."""
        return [
            {"id": message_id.strip("<>"), "at": _moment(at)}
            for _space, message_id, at in reversed(self.book.uncertain)
        ]

    @property
    def stopped(self) -> int:
        return len(self.book.stopped)
