"""``@@journal``: what happened in one's own space, in words; ``@@journal/export``."""

from civisdata.content import _
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.dates import written_time
from civisdata.content.citizens.dates import ZONE
from civisdata.content.citizens.journal import actions
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.journal.chain import checkpoint
from civisdata.content.citizens.journal.chain import purge
from civisdata.content.citizens.journal.chain import Verdict
from civisdata.content.citizens.journal.chain import verify
from civisdata.content.citizens.journal.export import to_csv
from civisdata.content.citizens.journal.export import to_jsonl
from civisdata.content.citizens.journal.own_actions import EXPORTED
from civisdata.content.citizens.journal.storage import entries
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.journal.storage import note
from civisdata.content.citizens.journal.visits import safe_to_write
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.publishers import publishers as all_publishers
from civisdata.content.citizens.settings import account_setting
from civisdata.content.news.dates import long_date
from civisdata.content.numbers import whole_number
from civisdata.content.territory.directory import publisher_names
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import groupby
from plone import api
from urllib.parse import urlencode
from zExceptions import NotFound
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


BATCH = 50
JSONL, CSV = "jsonl", "csv"
_TYPES = {JSONL: "application/jsonl", CSV: "text/csv; charset=utf-8"}


@implementer(IPublishTraverse)
class JournalPage(SpaceForm):
    """The journal: by day, newest first, one kind or all, in batches."""

    page_title = _("My journal")
    command = "python3 civisdata-verify-journal.py journal.jsonl"
    option = "--earlier"
    exporting = False

    def publishTraverse(self, request, name: str) -> "JournalPage":
        if name != "export" or self.exporting:
            raise NotFound(name)
        self.exporting = True
        return self

    @property
    def url(self) -> str:
        return f"{self.space_url}/@@journal"

    def prepare(self) -> str | None:
        if self.posted:
            return None
        if self.exporting:
            return self.url
        with safe_to_write(self.context, self.request):
            attempts.flush(self.context)
            purge(self.context)
        return None

    # What is shown

    @property
    def kind(self) -> str:
        asked = self.request.form.get("genre", "")
        return asked if isinstance(asked, str) and asked in actions.KINDS else ""

    @property
    def start(self) -> int:
        return whole_number(self.request.form.get("debut"), 10**7) or 0

    def _url(self, kind: str, start: int = 0) -> str:
        asked = {"genre": kind, "debut": start}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.url}?{query}" if query else self.url

    def tabs(self) -> list[dict]:
        kinds = {"": _("Everything"), **actions.KINDS}
        return [
            {
                "url": self._url(kind),
                "title": title,
                "current": "page" if kind == self.kind else None,
            }
            for kind, title in kinds.items()
        ]

    @cached_property
    def _found(self) -> list[Entry]:
        """The entries of this batch, and one more where there are more."""
        kind = self.kind
        return entries(
            self.context,
            self.start,
            BATCH + 1,
            wanted=(lambda entry: actions.kind_of(entry) == kind) if kind else None,
        )

    def days(self) -> list[dict]:
        """The entries by day, in words."""
        rows = self.rows(self._found[:BATCH])
        return [
            {
                "date": self._weekday(day),
                "rows": [
                    {
                        "id": f"e{entry.n}",
                        "time": written_time(entry.time),
                        "iso": _local(entry).isoformat(),
                        "sentence": sentence,
                    }
                    for entry, sentence in found
                ],
            }
            for day, found in groupby(rows, key=lambda row: _local(row[0]).date())
        ]

    def rows(self, found: list[Entry]) -> Iterator[tuple[Entry, str]]:
        """Give entries with their sentences."""
        titles = {
            item: self.text(title)
            for item, title in actions.titles_of(
                self.context, self.bundle, {entry.item for entry in found}
            ).items()
        }
        publishers = {
            id: publisher.title
            for id, publisher in all_publishers(api.portal.get()).items()
        } | publisher_names()
        anything = self.text(actions.LOCKED_TITLE)
        for entry in found:
            who = self.text(actions.who_of(entry, publishers))
            title = titles.get(entry.item, anything)
            yield entry, self.text(actions.sentence_of(entry, title, who))

    def text(self, message: Message | str) -> str:
        return translate(message, context=self.request)

    def _weekday(self, day) -> str:
        moment = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        names = (
            _("Monday"),
            _("Tuesday"),
            _("Wednesday"),
            _("Thursday"),
            _("Friday"),
            _("Saturday"),
            _("Sunday"),
        )
        language = self.request.get("LANGUAGE") or "fr"
        return f"{self.text(names[day.weekday()])} {long_date(moment, language)}"

    @property
    def newer_url(self) -> str | None:
        if not self.start:
            return None
        return self._url(self.kind, max(0, self.start - BATCH))

    @property
    def older_url(self) -> str | None:
        if len(self._found) <= BATCH:
            return None
        return self._url(self.kind, self.start + BATCH)

    # What is said of the chain

    @cached_property
    def bundle(self):
        return current_bundle(self.request)

    @cached_property
    def verdict(self) -> Verdict | None:
        """The whole chain verified now; only on the first page, as it loads it all."""
        return None if self.start else verify(self.context, self.bundle)

    @property
    def verdict_text(self) -> Message:
        found = self.verdict
        if found.broken_at is not None:
            return _(
                "The chain of your journal is broken at entry ${n}: what is shown here "
                "may have been altered. Tell the administrators of the portal.",
                mapping={"n": found.broken_at},
            )
        if found.count == 1:
            return _(
                "The chain of your journal is intact (1 entry, verified just now)."
            )
        return _(
            "The chain of your journal is intact (${count} entries, verified just now).",
            mapping={"count": found.count},
        )

    @property
    def dropped_until(self) -> str:
        """The day up to which entries were dropped as too old; empty for none."""
        anchor = get_journal(self.context).anchor
        language = self.request.get("LANGUAGE") or "fr"
        if anchor is None:
            return ""
        return long_date(datetime.fromtimestamp(anchor.time, ZONE), language)

    @property
    def keep_days(self) -> int:
        return account_setting("journal_keep_days")

    @property
    def fingerprint(self) -> str:
        """Of the citizen's keys; empty before they are made."""
        if self.bundle is not None:
            return self.bundle.fingerprint
        account = get_account(self.context)
        public = None if account is None else account.public
        return "" if public is None else public.fingerprint

    # Export

    def act(self, action: str) -> bytes | str:
        if action not in _TYPES:
            raise Refused(_("Please choose a kind of file."))
        if self.bundle is None:
            return self.redirect(f"{self.space_url}/@@deverrouiller")
        attempts.flush(self.context)
        note(self.context, EXPORTED)
        checkpoint(self.context, self.bundle)
        data = self._jsonl() if action == JSONL else self._csv()
        day = datetime.now(ZONE).strftime("%Y-%m-%d")
        response = self.request.response
        response.setHeader("Content-Type", _TYPES[action])
        response.setHeader("X-Content-Type-Options", "nosniff")
        response.setHeader(
            "Content-Disposition", f'attachment; filename="journal-{day}.{action}"'
        )
        return data

    def _jsonl(self) -> bytes:
        return to_jsonl(self.context, self.bundle, self.portal_url)

    def _csv(self) -> bytes:
        head = [
            _("Number"),
            _("Date and time"),
            _("Date and time (UTC)"),
            _("Kind"),
            _("What happened"),
            _("Identifier of the document"),
        ]
        found = list(get_journal(self.context).oldest_first())
        return to_csv(
            (
                (
                    entry,
                    _local(entry).strftime("%d/%m/%Y %H:%M:%S"),
                    self.text(actions.KINDS[actions.kind_of(entry)]),
                    sentence,
                )
                for entry, sentence in self.rows(found)
            ),
            [self.text(title) for title in head],
        )


def _local(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.time, ZONE)
