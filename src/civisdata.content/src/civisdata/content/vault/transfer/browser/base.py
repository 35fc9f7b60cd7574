"""A form of a space whose vault is open, and the stream of an archive."""

from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.base import logger
from civisdata.content.vault.browser.base import private
from civisdata.content.vault.browser.base import say_crowded
from civisdata.content.vault.browser.texts import NEWER
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.download import disposition
from civisdata.content.vault.events import VaultOpened
from civisdata.content.vault.transfer.export import Prepared
from civisdata.content.vault.turns import take_turn
from civisdata.content.vault.turns import TooManyJobs
from collections.abc import Callable
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.event import notify
from zope.i18n import translate
from zope.interface import implementer
from ZPublisher.Iterators import IUnboundStreamIterator
import os
import threading
import transaction
import weakref


class OpenVaultForm(SpaceForm):
    """``bundle`` holds the keys; a locked vault leads to the page that opens it."""

    failure = ViewPageTemplateFile("../../browser/templates/failure.pt")
    failure_text = ""

    def __call__(self):
        try:
            return super().__call__()
        except UnknownSuite as error:
            transaction.abort()
            logger.error("suite: %s", error)
            self.request.response.setStatus(501, lock=1)
            self.failure_text = self.text(NEWER)
            return self.failure()
        except TooManyJobs:
            transaction.abort()
            return self.crowded(say_crowded(self.request))

    def crowded(self, text: str) -> str:
        self.failure_text = text
        return self.failure()

    def prepare(self) -> str | None:
        private(self.request.response)
        self.bundle = current_bundle(self.request)
        if self.bundle is None:
            return f"{self.space_url}/@@deverrouiller"
        # What has arrived meanwhile goes along.
        notify(VaultOpened(self.context, self.bundle, self.request))

    @property
    def list_url(self) -> str:
        return f"{self.space_url}/@@documents"

    @property
    def language(self) -> str:
        return self.request.get("LANGUAGE") or "fr"

    def text(self, message) -> str:
        return translate(message, context=self.request)

    def size(self, size: int) -> str:
        return self.text(size_text(size, self.language))


class Slots:
    """How many archives are sent at a time: each one keeps a thread of the server."""

    def __init__(self, count: int):
        self._free = threading.BoundedSemaphore(count)

    def take(self, holder) -> Callable[[], object]:
        """Take a place for ``holder``; give what frees it. TooBusy.

        It is freed once, at the latest when ``holder`` is gone.
        """
        if not self._free.acquire(blocking=False):
            raise TooBusy("as many archives as may be are being sent")
        return weakref.finalize(holder, self._free.release)


#: Half of this process's threads, so that pages are served meanwhile.
slots = Slots(max(1, int(os.environ.get("CIVIS_THREADS", "4")) // 2))


@implementer(IUnboundStreamIterator)
class ArchiveStream:
    """An archive for the WSGI server: holds no connection to the database.

    TooBusy where too many are being sent, TooManyJobs where this citizen's are.
    """

    def __init__(self, prepared: Prepared):
        self._end_turn = take_turn(self)
        try:
            self._free = slots.take(self)
        except TooBusy:
            self._end_turn()
            raise
        self._chunks = prepared.chunks

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self._let_go()
            raise

    def close(self) -> None:
        """Called by the server at the end, and where the client goes away."""
        self._chunks.close()
        self._let_go()

    def _let_go(self) -> None:
        self._free()
        self._end_turn()


def send(request, prepared: Prepared, name: str) -> ArchiveStream:
    """Answer with an archive under a file name; TooBusy."""
    stream, response = ArchiveStream(prepared), request.response
    harmless(response)
    response.setHeader("Content-Disposition", disposition(name))
    response.setHeader(
        "Content-Type",
        "application/zip" if name.endswith(".zip") else "application/octet-stream",
    )
    response.setHeader("Content-Length", str(prepared.size))
    return stream
