"""What is kept beside the documents of a vault: sealed texts and previews.

All of it can be made again from the documents, and goes when they go. In clear are only
which documents have one, and its size.
"""

from BTrees.Length import Length
from BTrees.OOBTree import OOBTree
from BTrees.OOBTree import OOTreeSet
from collections.abc import Iterable
from persistent import Persistent
from ZODB.blob import Blob


class Preview(Persistent):
    """Sealed previews of one document: a small image, its first page, an office file's PDF."""

    thumbnail: bytes = b""
    page: Blob | None = None
    pdf: Blob | None = None
    #: Bytes of the sealed page and PDF, and what is counted of all.
    page_size = pdf_size = 0
    counted = 0


class Sidecars(Persistent):
    """Texts, previews, and the ids of documents whose text is still to be read."""

    #: Bytes of previews; those that the former version kept aren't counted.
    _kept: Length | None = None

    def __init__(self, document_ids: Iterable[str] = ()):
        self.texts = OOBTree()
        self.previews = OOBTree()
        self.pending = OOTreeSet(document_ids)

    def expect_text(self, document_id: str) -> None:
        """Note that the text of a document is still to be read."""
        self.pending.insert(document_id)

    def set_text(self, document_id: str, box: bytes) -> None:
        self.texts[document_id] = box
        if document_id in self.pending:
            self.pending.remove(document_id)

    def preview(self, document_id: str) -> Preview:
        """Give the previews of a document, made where there are none (this writes)."""
        preview = self.previews.get(document_id)
        if preview is None:
            preview = self.previews[document_id] = Preview()
        return preview

    @property
    def kept(self) -> int:
        """Bytes of all previews that are counted."""
        return 0 if self._kept is None else self._kept()

    def count(self, preview: Preview) -> None:
        """Count what a preview has now."""
        size = len(preview.thumbnail) + preview.page_size + preview.pdf_size
        if size == preview.counted:
            return
        if self._kept is None:
            self._kept = Length()
        self._kept.change(size - preview.counted)
        preview.counted = size

    def forget(self, document_id: str) -> None:
        """Erase all that is kept beside a document."""
        self.texts.pop(document_id, None)
        if document_id in self.pending:
            self.pending.remove(document_id)
        preview = self.previews.pop(document_id, None)
        if preview is not None:
            preview.thumbnail, preview.page, preview.pdf = b"", None, None
            preview.page_size = preview.pdf_size = 0
            self.count(preview)
