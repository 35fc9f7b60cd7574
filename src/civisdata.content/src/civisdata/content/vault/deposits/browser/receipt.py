"""``recu`` of a document: its receipt, shown and downloaded."""

from civisdata.content import _
from civisdata.content.citizens.dates import written_moment
from civisdata.content.vault.browser.base import DocumentView
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.texts import ALTERED
from civisdata.content.vault.deposits.browser.words import CHANNELS
from civisdata.content.vault.deposits.receipts import receipt_json
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.download import disposition
from civisdata.content.vault.errors import IntegrityError
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound


class Receipt(DocumentView):
    """``recu`` shows it, ``recu?telecharger=1`` gives the file."""

    index = ViewPageTemplateFile("templates/receipt.pt")
    failure = ViewPageTemplateFile("../../browser/templates/failure.pt")
    page_title = _("Receipt of a deposit")
    failure_text = ""

    def respond(self):
        document = self.document
        try:
            self.metadata = metadata_of(
                self.vault, self.space_id, document, self.bundle
            )
        except IntegrityError as error:
            self.altered(error)
            self.request.response.setStatus(500, lock=1)
            self.failure_text = self.text(ALTERED)
            return self.failure()
        if not self.metadata.origin or "receipt" not in self.metadata.origin:
            raise NotFound("recu")
        self.receipt = self.metadata.origin["receipt"]
        if "telecharger" in self.request.form:
            return self.download()
        return self.index()

    def download(self) -> str:
        response = self.request.response
        harmless(response)
        name = f"recu-{self.receipt['signed']['receipt'][:12]}.json"
        response.setHeader("Content-Type", "application/json")
        response.setHeader("Content-Disposition", disposition(name))
        return receipt_json(self.receipt)

    @property
    def facts(self) -> dict:
        origin = self.metadata.origin
        return {
            "publisher": origin["title"],
            "date": written_moment(origin["deposited_at"]),
            "channel": CHANNELS.get(origin["channel"], origin["channel"]),
            "receipt": origin["receipt_id"],
            "sha256": self.metadata.sha256,
            "key": self.receipt["signed"]["key"],
        }
