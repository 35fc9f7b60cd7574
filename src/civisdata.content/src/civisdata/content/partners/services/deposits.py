"""``PUT /@deposits/<own id>``: puts a document into a citizen's space, once.

The body is the document; headers say the rest (see ``docs/reference/deposits-api.md``).
"""

from civisdata.content.citizens.addresses import find_space
from civisdata.content.numbers import whole_number
from civisdata.content.partners.registry import Caller
from civisdata.content.partners.services.base import PartnerService
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.deposits.depositing import deposit
from civisdata.content.vault.deposits.depositing import IdReused
from civisdata.content.vault.deposits.depositing import NotAccepted
from civisdata.content.vault.deposits.depositing import Paper
from civisdata.content.vault.deposits.depositing import SERVICE
from civisdata.content.vault.errors import Refused
from io import BytesIO
from urllib.parse import unquote
from zExceptions import NotFound
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import re


_SENDER_ID = re.compile(r"[A-Za-z0-9._~-]{1,128}")


@implementer(IPublishTraverse)
class PutDeposit(PartnerService):
    """See the module."""

    action = "deposit"
    sender_id = ""

    def publishTraverse(self, request, name: str) -> "PutDeposit":
        if self.sender_id:
            raise NotFound(name)
        self.sender_id = name
        return self

    def respond(self, caller: Caller) -> str:
        if not _SENDER_ID.fullmatch(self.sender_id):
            return self.problem(
                "bad-request",
                detail="the id: 1 to 128 letters, digits, dots, tildes or hyphens",
            )
        recipient, name = self._header("Civis-To"), self._header("Civis-File-Name")
        if not recipient or not name:
            return self.problem(
                "bad-request", detail="Civis-To and Civis-File-Name are needed"
            )
        try:
            found = deposit(
                self.site,
                find_space(self.site, recipient),
                self.publisher,
                self.request.get("BODYFILE") or BytesIO(),
                Paper(
                    name,
                    self._header("Civis-Title"),
                    self._header("Civis-Category") or "administrative",
                    self._header("Civis-Message"),
                ),
                sender_id=f"{caller.partner.id}/{self.sender_id}",
                channel=SERVICE,
                by=f"{caller.partner.id}:{caller.key.id}",
                limits=limits(),
                size=self._size(),
            )
        except NotAccepted:
            return self.problem("not-accepted", send_by="post")
        except IdReused:
            return self.problem("id-used")
        except Refused as error:
            if error.reason == "too_big":
                largest = limits().max_document
                return self.problem("too-large", largest=largest, send_by="post")
            return self.problem("refused-document", reason=error.reason)
        return self.answer(201 if found.created else 200, found.receipt)

    def _header(self, name: str) -> str:
        """Give a header's text: UTF-8, percent-encoded."""
        return unquote(self.request.getHeader(name) or "", errors="replace").strip()

    def _size(self) -> int | None:
        return whole_number(self.request.getHeader("Content-Length"))
