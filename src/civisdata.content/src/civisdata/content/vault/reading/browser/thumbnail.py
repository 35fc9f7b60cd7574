"""``vignette`` of a document: its small image for lists."""

from civisdata.content.vault import render
from civisdata.content.vault.browser.base import DocumentView
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.reading import plain
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.names import split_extension
from civisdata.content.vault.reading.previews import Previews
from civisdata.content.vault.reading.sources import drawable
from civisdata.content.vault.render import RenderError


#: A sheet with a folded corner, and the file's extension on it.
ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 156" width="120" height="156">
<path d="M10 4h70l30 30v118H10z" fill="#fff" stroke="#8a7f78" stroke-width="3"/>
<path d="M80 4v30h30" fill="none" stroke="#8a7f78" stroke-width="3"/>
<text x="60" y="104" text-anchor="middle" font-family="sans-serif" font-size="26"
 font-weight="700" fill="#5a524d">{label}</text>
</svg>
"""


class Thumbnail(DocumentView):
    """The small image that is kept; drawn and kept when it is first asked for.

    A request that only reads, so it is kept apart from it: see ``previews``.
    """

    def respond(self):
        document = self.document
        self.previews = Previews(self.vault, self.space_id, self.bundle, document.id)
        image = self.previews.thumbnail()
        if image is None:
            image = self._draw(document)
        if not image:
            return self._give("image/svg+xml", self._icon(document).encode())
        return self._give("image/jpeg", image)

    def _draw(self, document) -> bytes:
        """Draw the first page and keep it; empty where there is nothing to draw."""
        try:
            with open_document(
                self.vault, self.space_id, document, self.bundle
            ) as opened:
                source = drawable(opened, self.previews, convert=False)
                image = render.draw_small(source).images[0]
        except IntegrityError as error:
            self.altered(error)
            return b""
        except IndexError:
            image = b""
        except RenderError as error:
            if error.reason in ("busy", "office", "kind"):
                # Another time; or nothing to draw, which costs nothing to find out.
                return b""
            image = b""
        self.previews.keep_thumbnail(image)
        return image

    def crowded(self, text: str) -> str:
        return plain(self.request, text)

    def _icon(self, document) -> str:
        try:
            name = metadata_of(self.vault, self.space_id, document, self.bundle).name
        except (IntegrityError, ValueError):
            name = ""
        label = split_extension(name)[1].upper()[:5]
        return ICON.format(label=label if label.isascii() else "")

    def _give(self, media_type: str, data: bytes) -> bytes:
        harmless(self.request.response)
        self.request.response.setHeader("Content-Type", media_type)
        return data
