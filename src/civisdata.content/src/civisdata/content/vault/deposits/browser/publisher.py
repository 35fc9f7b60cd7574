"""Pages of a publisher's staff: deposit one document, see what was delivered."""

from civisdata.content import _
from civisdata.content.citizens.addresses import find_space
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.publishers import publisher_at
from civisdata.content.numbers import whole_number
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.base import private
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.deposits.browser.words import CHANNELS
from civisdata.content.vault.deposits.browser.words import NOT_ACCEPTED
from civisdata.content.vault.deposits.browser.words import refused
from civisdata.content.vault.deposits.browser.words import REUSED
from civisdata.content.vault.deposits.deliveries import get_deliveries
from civisdata.content.vault.deposits.depositing import AGENT
from civisdata.content.vault.deposits.depositing import deposit
from civisdata.content.vault.deposits.depositing import IdReused
from civisdata.content.vault.deposits.depositing import MAX_MESSAGE
from civisdata.content.vault.deposits.depositing import NotAccepted
from civisdata.content.vault.deposits.depositing import Paper
from civisdata.content.vault.deposits.receipts import receipt_json
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.settings import offered_categories
from datetime import datetime
from functools import cached_property
from plone import api
from urllib.parse import quote
from zExceptions import NotFound
from zope.i18nmessageid import Message
import re
import secrets
import transaction


PAGE = 50
_ONCE = re.compile(r"[0-9a-f]{32}")


class PublisherPage(FormView):
    """A page below a publisher; ``errors`` are shown above its form."""

    page_title: Message | str = ""
    publisher: Publisher

    def __call__(self) -> str:
        private(self.request.response)
        self.site = api.portal.get()
        publisher = publisher_at(self.site, self.context)
        if publisher is None:
            raise NotFound("publisher")
        self.publisher = publisher
        # No way about the pages of the publisher: this is a task of its own.
        self.request.set("disable_plone.leftcolumn", 1)
        self.request.set("disable_plone.rightcolumn", 1)
        self.errors: list[Message | str] = []
        if self.posted:
            if not self.token_is_valid():
                return self.fail(OUT_OF_DATE, 403)
            return self.act()
        return self.index()

    def act(self) -> str:
        raise NotImplementedError

    def fail(self, message: Message | str, status: int = 422) -> str:
        """Show the page again; nothing of this request is kept."""
        transaction.abort()
        self.errors.append(message)
        self.request.response.setStatus(status, lock=1)
        return self.index()

    @property
    def publisher_url(self) -> str:
        return self.context.absolute_url()

    @property
    def by(self) -> str:
        return api.user.get_current().getId() or ""

    def size(self, size: int) -> str:
        language = self.request.get("LANGUAGE") or "fr"
        return api.portal.translate(size_text(size, language))

    @property
    def largest(self) -> str:
        return self.size(min(limits().max_document, 100 * 10**6))

    def upload(self, name: str):
        """Give an uploaded file and its size; (None, 0) where there is none."""
        file = self.request.form.get(name)
        if not getattr(file, "filename", ""):
            return None, 0
        file.seek(0, 2)
        size = file.tell()
        file.seek(0)
        return file, size


class Deposit(PublisherPage):
    """``@@deposer``: one document for one citizen, found by an exact name alone."""

    page_title = _("Deposit a document")
    receipt: dict | None = None
    max_message = MAX_MESSAGE

    @property
    def once(self) -> str:
        """What makes a form that is sent twice deposit once."""
        sent = self.typed("once")
        return sent if _ONCE.fullmatch(sent) else secrets.token_hex(16)

    def categories(self) -> list[dict]:
        chosen = self.typed("category") or "administrative"
        return [
            {"id": id, "title": title, "selected": "selected" if id == chosen else None}
            for id, title in offered_categories().items()
        ]

    def act(self) -> str:
        file, size = self.upload("file")
        if not self.typed("recipient").strip():
            return self.fail(_("Give the login or the standard address."))
        if file is None:
            return self.fail(_("Choose a file first."))
        try:
            found = deposit(
                self.site,
                find_space(self.site, self.typed("recipient")),
                self.publisher,
                file,
                Paper(
                    file.filename,
                    self.typed("title"),
                    self.typed("category"),
                    self.typed("message"),
                ),
                sender_id=f"form:{self.once}",
                channel=AGENT,
                by=self.by,
                limits=limits(),
                size=size,
            )
        except NotAccepted:
            return self.fail(NOT_ACCEPTED)
        except IdReused:
            return self.fail(REUSED, 409)
        except Refused as error:
            return self.fail(refused(error.reason))
        self.receipt = found.receipt
        return self.index()

    @property
    def receipt_text(self) -> str:
        return receipt_json(self.receipt)

    @property
    def receipt_url(self) -> str:
        """The receipt as a link that needs no second request: it isn't kept here."""
        return f"data:application/json;charset=utf-8,{quote(self.receipt_text)}"

    @property
    def receipt_name(self) -> str:
        return f"recu-{self.receipt['signed']['receipt'][:12]}.json"

    @property
    def deposited_at(self) -> str:
        moment = datetime.fromisoformat(self.receipt["signed"]["deposited_at"])
        return written_moment(moment.timestamp())


class Delivered(PublisherPage):
    """``@@depots-remis``: what was delivered; never whether it was read."""

    page_title = _("Delivered documents")

    def act(self) -> str:
        return self.index()

    @property
    def start(self) -> int:
        return whole_number(self.typed("debut"), 10**9) or 0

    @cached_property
    def _deliveries(self):
        return get_deliveries(self.site, self.publisher.id)

    @property
    def total(self) -> int:
        return len(self._deliveries)

    def rows(self) -> list[dict]:
        return [
            {
                "receipt": found.receipt["receipt"],
                "date": written_moment(
                    datetime.fromisoformat(found.receipt["deposited_at"]).timestamp()
                ),
                "channel": CHANNELS.get(found.receipt["channel"], ""),
                # Ids of the directory's people begin with its name.
                "by": found.by.rpartition(":")[2],
            }
            for found in self._deliveries.newest(self.start, PAGE)
        ]

    @property
    def earlier_url(self) -> str | None:
        if not self.start:
            return None
        return self._page(max(0, self.start - PAGE))

    @property
    def later_url(self) -> str | None:
        if self.start + PAGE >= self.total:
            return None
        return self._page(self.start + PAGE)

    def _page(self, start: int) -> str:
        return f"{self.publisher_url}/@@depots-remis?debut={start}"
