"""The pages of a document that collective.documentviewer converted.

Read-only: its own ``Settings`` write an annotation into whatever they are asked about.
"""

from civisdata.content.vault.reading.finding import find
from civisdata.content.vault.reading.finding import Found
from collections.abc import Iterator
from collective.documentviewer.convert import DUMP_FILENAME
from collective.documentviewer.convert import TEXT_REL_PATHNAME
from zope.annotation.interfaces import IAnnotations


_KEY = "collective.documentviewer"
_STEM = DUMP_FILENAME.rsplit(".", 1)[0]


class Pages:
    """The converted pages of ``content``; none where it was not converted."""

    def __init__(self, content) -> None:
        self._data = IAnnotations(content).get(_KEY) or {}

    @property
    def count(self) -> int:
        """Number of pages; 0 while there is nothing to show."""
        if not self._data.get("successfully_converted"):
            return 0
        return int(self._data.get("num_pages") or 0)

    @property
    def failed(self) -> bool:
        """Whether a conversion was tried in vain."""
        return self._data.get("successfully_converted") is False

    @property
    def waiting(self) -> bool:
        """Whether it is being prepared."""
        return bool(self._data.get("converting")) and not self.count

    def image(self, number: int, size: str = "normal") -> str:
        """Return the path of a page's image below the document's stored files."""
        format = self._data.get("pdf_image_format") or "png"
        return f"{size}/{_STEM}_{number}.{format}"

    def text_path(self, number: int) -> str:
        """Return the path of a page's text below the document's stored files."""
        return f"{TEXT_REL_PATHNAME}/{_STEM}_{number}.txt"

    def text(self, number: int) -> str:
        """Return a page's text, empty where there is none."""
        blob = (self._data.get("blob_files") or {}).get(self.text_path(number))
        if blob is None:
            return ""
        with blob.open("r") as handle:
            return handle.read().decode("utf-8", "replace")

    def search(self, words: str) -> Iterator[Found]:
        """Yield the pages that hold ``words``, in their order."""
        for number in range(1, self.count + 1):
            found = find(self.text(number), words, number)
            if found is not None:
                yield found
