"""A document read in the page: images of its pages, their text, and a search in it.

It takes the place of documentviewer's own viewer, which shows nothing without
JavaScript; the conversion and its files are documentviewer's.
"""

from civisdata.content.numbers import whole_number
from civisdata.policy.documents.pages import Found
from civisdata.policy.documents.pages import Pages
from collective.documentviewer.settings import Settings
from collective.documentviewer.storage import getResourceRelURL
from functools import cached_property
from plone import api
from plone.dexterity.browser.view import DefaultView


#: Pages shown at once, and hits of a search at most.
BATCH = 10
HITS = 50


class DocumentViewer(DefaultView):
    """``@@documentviewer`` of a file."""

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.context)

    @cached_property
    def words(self) -> str:
        value = self.request.form.get("q", "")
        return " ".join(value.split())[:100] if isinstance(value, str) else ""

    @cached_property
    def first(self) -> int:
        """Number of the first page shown."""
        number = whole_number(self.request.form.get("page"), 10**6) or 1
        number = min(number, max(1, self.pages.count))
        return (number - 1) // BATCH * BATCH + 1

    @cached_property
    def _files(self) -> str:
        # Only asked once there is a conversion, so its settings exist and are not made.
        path = getResourceRelURL(settings=Settings(self.context))
        return f"{api.portal.get().absolute_url()}/{path}"

    def shown(self) -> list[dict]:
        """Return number, image and text address of the pages shown."""
        last = min(self.pages.count, self.first + BATCH - 1)
        return [
            {
                "number": number,
                "image": f"{self._files}/{self.pages.image(number)}",
                "large": f"{self._files}/{self.pages.image(number, 'large')}",
                "text": f"{self._files}/{self.pages.text_path(number)}",
            }
            for number in range(self.first, last + 1)
        ]

    def batches(self) -> list[dict]:
        """Return the ranges of pages to go to; empty when there is one only."""
        starts = range(1, self.pages.count + 1, BATCH)
        if len(starts) < 2:
            return []
        return [
            {
                "first": start,
                "last": min(self.pages.count, start + BATCH - 1),
                "current": start == self.first,
            }
            for start in starts
        ]

    def hits(self) -> list[Found]:
        """Return the pages that hold the searched words."""
        found = []
        for hit in self.pages.search(self.words) if self.words else ():
            found.append(hit)
            if len(found) == HITS:
                break
        return found

    @property
    def download_url(self) -> str:
        return f"{self.context.absolute_url()}/@@download/file"

    @property
    def reading_url(self) -> str:
        """Where the browser shows the file itself; empty for what isn't a PDF."""
        file = self.context.file
        if not file or file.contentType != "application/pdf":
            return ""
        return f"{self.context.absolute_url()}/@@display-file/file"

    @property
    def size(self) -> str:
        """Size of the file in kilobytes."""
        size = self.context.file.getSize() if self.context.file else 0
        return str(max(1, round(size / 1024)))
