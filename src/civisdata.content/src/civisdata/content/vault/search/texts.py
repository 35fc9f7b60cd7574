"""The words of each document: read once, kept in a sealed box, opened for a search.

Only an open session has the key. What is quick is read at the end of the upload; what
takes long (office files, images, pages without text) is read one document at a time by
later requests of the citizen.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import render
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import OpenPart
from civisdata.content.vault.reading.previews import Previews
from civisdata.content.vault.reading.sources import drawable
from civisdata.content.vault.reading.sources import IMAGES
from civisdata.content.vault.reading.sources import reading_kind
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.render import Source
from civisdata.content.vault.search import ocr
from civisdata.content.vault.search.terms import pack
from civisdata.content.vault.search.terms import words_of
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.turns import TooManyJobs
from ZODB.POSException import ConflictError
import logging
import time


logger = logging.getLogger("civisdata.vault")

PURPOSE = "text"
#: Pages of a PDF, and bytes of a text, that are read.
MAX_PAGES = 500
MAX_BYTES = 4_000_000
#: Pages without text that are read from their image, and seconds for all of them.
OCR_PAGES = 5
OCR_SECONDS = 40.0
#: A page with fewer characters counts as one without text.
FEW = 8
#: Seconds that an upload may take longer to read its text.
AT_ONCE = 4.0
#: Images with fewer bytes hold no text worth reading: pictograms, lines.
_SMALL_IMAGE = 2_000


class Later(Exception):
    """It would take long, or too much is going on: another time."""


def read_words(
    opened: OpenedDocument, previews: Previews, thorough: bool = True
) -> list[str]:
    """Give the words of a document: none where none can be read.

    Raises Later where it takes long and ``thorough`` is False, or the machine is busy;
    IntegrityError.
    """
    kind = reading_kind(opened)
    try:
        if kind == "text":
            return words_of(opened.bytes(0, MAX_BYTES).decode("utf-8", "replace"))
        if kind == "other":
            return []
        if kind in IMAGES:
            return words_of(_image_text(opened, thorough))
        if kind != "pdf" and not thorough:
            raise Later
        return words_of(_pdf_text(drawable(opened, previews), thorough))
    except RenderError as error:
        if error.reason == "busy" or (error.reason == "timeout" and not thorough):
            raise Later from None
        return []


def _image_text(opened: OpenedDocument, thorough: bool) -> str:
    if ocr.tesseract() is None or opened.size < _SMALL_IMAGE:
        return ""
    if not thorough:
        raise Later
    source = Source(reading_kind(opened), opened.size, opened.bytes)
    return ocr.read_image(render.draw_page(source, width=ocr.WIDTH).data)


def _pdf_text(source: Source, thorough: bool) -> str:
    quick = {} if thorough else {"timeout": AT_ONCE, "wait": 0.5}
    found = render.read_text(source, 0, MAX_PAGES, **quick)
    texts = found.texts
    bare = [number for number, text in enumerate(texts) if len(text.strip()) < FEW]
    if bare and ocr.tesseract() is not None:
        if not thorough:
            raise Later
        until = time.monotonic() + OCR_SECONDS
        for number in bare[:OCR_PAGES]:
            if time.monotonic() > until:
                break
            texts[number] += "\n" + _page_text(source, number)
    return "\n".join(texts)


def _page_text(source: Source, number: int) -> str:
    """Read one page from its image; a page that can't be read is empty."""
    try:
        return ocr.read_image(render.draw_page(source, number, ocr.WIDTH).data)
    except RenderError as error:
        if error.reason == "busy":
            raise
        return ""


def keep_words(
    vault: Vault, space_id: str, bundle: KeyBundle, document_id: str, words: list[str]
) -> None:
    """Seal the words of a document and keep them."""
    box = BoxKey(bundle.vault_key).seal_bytes(
        pack(words), space_id=space_id, item_id=document_id, purpose=PURPOSE
    )
    vault.ensure_sidecars().set_text(document_id, box)


def index_document(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    document: VaultDocument,
    thorough: bool = True,
    opener: OpenPart = open_part,
) -> None:
    """Read a document and keep its words; Later.

    A document that was altered is kept without words: reading it says so.
    """
    previews = Previews(vault, space_id, bundle, document.id)
    try:
        with open_document(vault, space_id, document, bundle, opener) as opened:
            words = read_words(opened, previews, thorough)
    except (IntegrityError, ValueError):
        words = []
    keep_words(vault, space_id, bundle, document.id, words)


def index_at_once(
    vault: Vault, space_id: str, bundle: KeyBundle, document: VaultDocument
) -> None:
    """Read a document that was just stored, if that is quick.

    Whatever goes wrong, the document stays stored, and is read another time.
    """
    try:
        index_document(vault, space_id, bundle, document, thorough=False)
    except (Later, TooManyJobs):
        pass
    except ConflictError:
        raise
    except Exception as error:
        logger.warning("text of a new document: %s", type(error).__name__)


def pending_count(vault: Vault) -> int:
    """Say how many documents are still to be read."""
    return len(vault.sidecars.pending)


def index_next(vault: Vault, space_id: str, bundle: KeyBundle) -> int:
    """Read one document that is still to be read; give how many are left. Later.

    Documents of the former version are among them.
    """
    sidecars = vault.ensure_sidecars()
    for document_id in list(sidecars.pending):
        document = vault.documents.get(document_id)
        if document is None:
            sidecars.pending.remove(document_id)
            continue
        index_document(vault, space_id, bundle, document)
        break
    return len(sidecars.pending)
