"""``lire``, ``page`` and ``telecharger`` of a document that somebody else shares."""

from civisdata.content.citizens.journal.storage import RECIPIENT
from civisdata.content.citizens.journal.visits import note_once
from civisdata.content.vault.browser.reading import Download
from civisdata.content.vault.browser.reading import OpeningView
from civisdata.content.vault.browser.reading import Page
from civisdata.content.vault.browser.reading import Read
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.download import watched_opener
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.journal_words import ALTERED
from civisdata.content.vault.parts import OpenPart
from civisdata.content.vault.reading.browser.find import Find
from civisdata.content.vault.reading.browser.pages import Thumbnails
from civisdata.content.vault.reading.browser.pages import Words
from civisdata.content.vault.sharing.limits import is_live
from civisdata.content.vault.sharing.noted import READ
from civisdata.content.vault.sharing.noted import SEEN
from civisdata.content.vault.sharing.previews import SharedPreviews
from civisdata.content.vault.sharing.received import find_received
from civisdata.content.vault.sharing.received import open_shared_document
from civisdata.content.vault.sharing.received import Received
from civisdata.content.vault.sharing.storage import ACCEPTED
from zExceptions import NotFound


def watching_opener(received: Received, parts) -> OpenPart:
    """Give an opener that cuts a download once its share has ended: NoSuchItem."""
    head = received.head
    return watched_opener(
        parts,
        received.share,
        lambda share: share.state == ACCEPTED and is_live(share, head),
    )


class SharedOpeningView(OpeningView):
    """Opens a shared document with the recipient's own keys."""

    received_id: str | None = None
    is_own = False
    _folder = _owner = ""

    def open(self) -> OpenedDocument:
        """Open the document; NotFound, IntegrityError."""
        if self.received_id is None or self.document_id is None:
            raise NotFound("document")
        try:
            received = find_received(self.context, self.bundle, self.received_id)
            self._owner = received.letter.owner
            opened = open_shared_document(
                received,
                self.bundle,
                self.document_id,
                lambda parts: watching_opener(received, parts),
            )
        except NoSuchItem:
            raise NotFound("document") from None
        self._folder = opened.metadata.folder
        self._received = received
        return opened

    @property
    def previews(self) -> SharedPreviews:
        """What is kept beside the document as long as it is shared."""
        return SharedPreviews(self._received, self.document_id)

    def note(self, action: str, item: str, **how) -> None:
        """Note a reading for both sides; an alteration is in the operators' log."""
        if action == ALTERED:
            return
        super().note(READ, item, **how)
        owner = self.context.__parent__.get_space(self._owner)
        if owner is not None:
            note_once(owner, self.request, SEEN, item=item, actor=RECIPIENT, **how)

    def _alteration_noter(self):
        return lambda: None

    @property
    def share_url(self) -> str:
        return f"{self.space_url}/@@partages-recus/{self.received_id}"

    @property
    def document_url(self) -> str:
        return f"{self.share_url}/{self.document_id}"

    @property
    def back_url(self) -> str:
        if self._folder:
            return f"{self.share_url}?dossier={self._folder}"
        return f"{self.space_url}/@@partages-recus"


class SharedRead(SharedOpeningView, Read):
    """``lire``."""


class SharedPage(SharedOpeningView, Page):
    """``page``."""


class SharedDownload(SharedOpeningView, Download):
    """``telecharger``."""


class SharedFind(SharedOpeningView, Find):
    """``chercher``."""


class SharedWords(SharedOpeningView, Words):
    """``mots``."""


class SharedThumbnails(SharedOpeningView, Thumbnails):
    """``vignettes``."""
