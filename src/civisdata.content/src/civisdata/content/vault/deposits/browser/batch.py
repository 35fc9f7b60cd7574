"""``@@deposer-lot``: a batch is checked, confirmed, and delivered."""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.desk import VIEW
from civisdata.content.tasks import enqueue
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.deposits import batches
from civisdata.content.vault.deposits.batch_files import Archive
from civisdata.content.vault.deposits.batch_files import BadArchive
from civisdata.content.vault.deposits.batch_lines import BadTable
from civisdata.content.vault.deposits.batch_lines import MAX_TABLE
from civisdata.content.vault.deposits.batch_lines import read_table
from civisdata.content.vault.deposits.browser.publisher import PublisherPage
from civisdata.content.vault.deposits.browser.words import BAD_ARCHIVES
from civisdata.content.vault.deposits.browser.words import BAD_TABLES
from civisdata.content.vault.deposits.browser.words import STATES
from civisdata.content.vault.deposits.deliveries import get_deliveries
from civisdata.content.vault.download import disposition
from plone import api
from zope.i18nmessageid import Message
import json


GONE = _("This batch is no longer there: it was erased, or never confirmed.")


def may_know(space) -> bool:
    """Say whether the agent may see this citizen's registration."""
    return bool(getSecurityManager().checkPermission(VIEW, space))


class DepositBatch(PublisherPage):
    """The form; after it was sent, the report or the progress."""

    page_title = _("Deposit a batch")
    report: batches.Report | None = None
    batch: batches.Batch | None = None
    key = ""

    def act(self) -> str:
        actions = {
            "check": self.check,
            "deliver": self.deliver,
            "progress": self.follow,
            "drop": self.drop,
            "receipts": self.receipts,
        }
        action = actions.get(self.typed("action"))
        if action is None:
            return self.index()
        try:
            return action()
        except batches.NoSuchBatch:
            return self.fail(GONE, 404)

    def check(self) -> str:
        """The dry run."""
        table, _size = self.upload("table")
        files, _size = self.upload("files")
        if table is None or files is None:
            return self.fail(_("Choose the table and the ZIP of the files."))
        try:
            rows = read_table(table.read(MAX_TABLE + 1))
            archive = Archive(files)
        except BadTable as error:
            text = BAD_TABLES[error.reason]
            return self.fail(Message(text, mapping={"line": str(error.line)}))
        except BadArchive as error:
            return self.fail(BAD_ARCHIVES[error.reason])
        self.report = batches.dry_run(
            self.site,
            self.publisher,
            rows,
            archive,
            by=self.by,
            limits=limits(),
            may_know=may_know,
        )
        self.key = self.report.key
        return self.index()

    def _batch(self) -> batches.Batch:
        return batches.get_batch(self.site, self.publisher.id, self.typed("batch"))

    def deliver(self) -> str:
        """Confirm: a worker delivers it, however long that takes."""
        batch = self._batch()
        if not batch.confirmed_at:
            # Whoever erases it at this moment makes a conflict, and one of both wins.
            batches.confirm(batch)
            enqueue("deposit-batch", publisher_id=self.publisher.id, batch_id=batch.id)
        return self.follow()

    def follow(self) -> str:
        """Show how far it is."""
        self.batch, self.key = self._batch(), self.typed("key")
        return self.index()

    def drop(self) -> str:
        batches.drop(self.site, self._batch())
        api.portal.show_message(_("The batch is erased."), self.request)
        return self.redirect(f"{self.publisher_url}/@@deposer-lot")

    def receipts(self) -> str:
        """Give the receipts, one a line, with the number of the table's line."""
        try:
            found = batches.receipts_of(self._batch(), self.typed("key"))
        except ValueError:
            return self.fail(
                _("These receipts can only be had from the report's page.")
            )
        response = self.request.response
        response.setHeader("Content-Type", "application/x-ndjson")
        response.setHeader("Content-Disposition", disposition("recus.jsonl"))
        return "".join(
            json.dumps({"line": number, **receipt}, ensure_ascii=False) + "\n"
            for number, receipt in found
        )

    # the report

    def summary(self) -> list[dict]:
        counts = {
            state: self.report.counted(state)
            for state in STATES
            if self.report.counted(state)
        }
        return [{"title": STATES[s], "count": count} for s, count in counts.items()]

    def lines(self) -> list[dict]:
        return [
            {
                "number": line.row.number,
                "recipient": line.row.recipient,
                "file": line.row.file,
                "state": STATES[line.state],
                "ready": line.state == batches.READY,
            }
            for line in self.report.lines
        ]

    @property
    def ready(self) -> int:
        return self.report.counted(batches.READY)

    # progress

    @property
    def progress(self) -> dict:
        batch = self.batch
        total = len(batch.lines)
        left = batch.counted(batches.READY)
        delivered = batch.counted(batches.DELIVERED)
        return {
            "id": batch.id,
            "total": total,
            "done": total - left,
            "percent": 100 * (total - left) // total if total else 100,
            "left": left,
            "delivered": delivered,
            "others": total - left - delivered,
        }

    def not_delivered(self) -> list[dict]:
        return [
            {"number": line.number, "state": STATES[line.state]}
            for line in self.batch.lines.values()
            if line.state not in (batches.READY, batches.DELIVERED)
        ]

    # the form

    def open_batches(self) -> list[dict]:
        """Batches that wait: to be confirmed, or to be gone on with."""
        found = get_deliveries(self.site, self.publisher.id).batches.values()
        return [
            {
                "id": batch.id,
                "date": written_moment(batch.created_at),
                "ready": batch.counted(batches.READY),
                "confirmed": bool(batch.confirmed_at),
            }
            for batch in found
            if not batch.is_done and not batches.is_stale(batch)
        ]
