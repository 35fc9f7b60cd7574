"""``lire``, ``page`` and ``telecharger`` of a document."""

from civisdata.content import _
from civisdata.content.citizens import background
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.visits import DOWNLOAD_SECONDS
from civisdata.content.citizens.journal.visits import VISIT_SECONDS
from civisdata.content.numbers import whole_number
from civisdata.content.vault import render
from civisdata.content.vault.browser.base import DocumentView
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.texts import ALTERED
from civisdata.content.vault.browser.texts import EXPIRED
from civisdata.content.vault.browser.texts import NOT_SHOWN
from civisdata.content.vault.deposits.marks import Origin
from civisdata.content.vault.deposits.marks import origin_of
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.download import detached_opener
from civisdata.content.vault.download import disposition
from civisdata.content.vault.download import DocumentStream
from civisdata.content.vault.download import parse_range
from civisdata.content.vault.download import Unsatisfiable
from civisdata.content.vault.drawing import MAX_WIDTH
from civisdata.content.vault.drawing import WIDTH
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.journal_words import ALTERED as ALTERED_NOTED
from civisdata.content.vault.journal_words import DOWNLOADED
from civisdata.content.vault.journal_words import READ
from civisdata.content.vault.kinds import MEDIA_TYPES
from civisdata.content.vault.kinds import OCTETS
from civisdata.content.vault.reading.previews import Previews
from civisdata.content.vault.reading.sources import drawable
from civisdata.content.vault.reading.sources import reading_kind
from civisdata.content.vault.turns import MOST
from DateTime import DateTime
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
import json


#: Pages shown at once without a script: as many as are drawn at once for a citizen.
PAGES = MOST
#: Bytes of a text that are shown.
MAX_TEXT = 200_000
#: Kinds that a browser may be given to show by itself.
INLINE = ("pdf", "png", "jpeg", "webp", "text")


def page_asked(request) -> int:
    """Give the page of ``n`` (from 1), counted from 0; NotFound."""
    number = whole_number(request.form.get("n", "1"), 10**6)
    if not number:
        raise NotFound("page")
    return number - 1


def plain(request, text: str) -> str:
    """Answer with a text where a script or an image awaits something else."""
    harmless(request.response)
    request.response.setHeader("Content-Type", "text/plain; charset=utf-8")
    return text


class OpeningView(DocumentView):
    """A view that opens the document, or says politely that it was altered."""

    # A browser's history keeps titles of pages: it says nothing of the document.
    page_title = _("Read a document")

    def open(self) -> OpenedDocument:
        """Open the document; NotFound, IntegrityError."""
        document = self.document
        return open_document(
            self.vault,
            self.space_id,
            document,
            self.bundle,
            detached_opener(document.parts) if document.parts else None,
        )

    def respond(self):
        try:
            opened = self.open()
        except IntegrityError as error:
            self.altered(error)
            return self.fail(ALTERED, 500)
        try:
            return self.show(opened)
        except IntegrityError as error:
            opened.close()
            self.altered(error)
            return self.fail(ALTERED, 500)
        except BaseException:
            opened.close()
            raise

    def show(self, opened: OpenedDocument):
        raise NotImplementedError

    def fail(self, message, status: int = 200):
        self.request.response.setStatus(status, lock=1)
        self.failure_text = self.text(message)
        return self.failure()

    def source(self, opened: OpenedDocument) -> render.Source:
        """Give what is drawn of the document; RenderError."""
        return drawable(opened, self.previews)

    @property
    def previews(self) -> Previews:
        return Previews(self.vault, self.space_id, self.bundle, self.document_id)


class Read(OpeningView):
    """``lire``: the document in the page, with its text for those who can't see it."""

    index = ViewPageTemplateFile("templates/read.pt")
    pages: tuple[dict, ...] = ()
    count = 0
    content: str | None = None
    cut = False
    has_text = False

    def show(self, opened: OpenedDocument):
        with opened:
            self.note(READ, self.document_id)
            self.metadata = opened.metadata
            try:
                self._prepare(opened)
            except render.RenderError as error:
                self.failure_text = self.text(NOT_SHOWN[error.reason])
            return self.index()

    def _prepare(self, opened: OpenedDocument) -> None:
        if reading_kind(opened) == "text":
            data = opened.bytes(0, MAX_TEXT)
            self.cut = opened.size > MAX_TEXT
            self.content = data.decode("utf-8-sig", "replace")
            return
        source = self.source(opened)
        if source.kind != "pdf":
            self.count = 1
            self.pages = (self._page(0, ""),)
            return
        text = render.read_text(source, self.first, PAGES)
        self.count = text.pages
        self.has_text = True
        self.pages = tuple(
            self._page(number, text.texts[number - self.first])
            for number in range(self.first, self.first + len(text.texts))
        )
        if not self.pages:
            raise render.RenderError("page")

    @property
    def viewer(self) -> str:
        """What viewer.js needs, as JSON."""
        texts = {
            "previous": _("Previous page"),
            "next": _("Next page"),
            "page": _("Page"),
            "of": _("of ${count}", mapping={"count": self.count}),
            "label": _("Page ${number} of ${count}", mapping={"count": self.count}),
            "larger": _("Larger"),
            "smaller": _("Smaller"),
            "fit": _("Fit to the width"),
            "small": _("Pages in small"),
            "viewer": _("Document, page by page"),
            "failed": _("This page cannot be shown."),
            "expired": EXPIRED,
            "searching": _("Searching…"),
            "nothing": _("No page holds these words."),
            "found": _("Pages found: ${count}"),
            "hit": _("Page ${number}"),
            "problem": _("The search could not be done. Try again in a moment."),
        }
        return json.dumps(
            {
                "url": self.document_url,
                "count": self.count,
                "page": self.first + 1,
                "text": self.has_text,
                "title": self.metadata.title,
                "texts": {name: self.text(text) for name, text in texts.items()},
            },
            ensure_ascii=False,
        )

    def _page(self, number: int, text: str) -> dict:
        return {
            "number": number + 1,
            "url": f"{self.document_url}/page?n={number + 1}",
            "text": text.strip(),
        }

    def page_text(self, number: int) -> str:
        """What an image of a page is called: « Page 2 of 7 »."""
        return self.text(
            _(
                "Page ${number} of ${count}",
                mapping={"number": number, "count": self.count},
            )
        )

    @property
    def first(self) -> int:
        """The first page shown, from 0."""
        return (whole_number(self.request.form.get("page"), 10**6) or 1) - 1

    @property
    def earlier_url(self) -> str | None:
        if not self.first:
            return None
        return f"{self.document_url}/lire?page={max(1, self.first + 1 - PAGES)}"

    @property
    def later_url(self) -> str | None:
        if self.first + PAGES >= self.count:
            return None
        return f"{self.document_url}/lire?page={self.first + 1 + PAGES}"

    @property
    def origin(self) -> Origin | None:
        """Who deposited it, if not the citizen."""
        return origin_of(self.metadata)

    @property
    def details(self) -> dict:
        return {
            "category": self.category_title(self.metadata.category),
            "size": self.size(self.metadata.size),
            "date": api.portal.get_localized_time(
                DateTime(self.metadata.stored_at), long_format=True
            ),
        }


class Page(OpeningView):
    """``page?n=1``: one page or image, drawn anew as PNG or JPEG; larger with ``large``."""

    def show(self, opened: OpenedDocument):
        with opened:
            page = page_asked(self.request)
            try:
                picture = self._picture(opened, page)
            except render.RenderError as error:
                if error.reason in ("page", "kind"):
                    raise NotFound("page") from None
                return self.fail(NOT_SHOWN[error.reason], 422)
        self.note(READ, self.document_id)
        response = self.request.response
        harmless(response)
        response.setHeader("Content-Type", picture.media_type)
        return picture.data

    def _picture(self, opened: OpenedDocument, page: int) -> render.Picture:
        """Give the page; the first one, which is asked for most, is kept sealed."""
        if "large" in self.request.form:
            return render.draw_page(self.source(opened), page, MAX_WIDTH)
        if page:
            return render.draw_page(self.source(opened), page, WIDTH)
        previews = self.previews
        picture = previews.page()
        if picture is None:
            picture = render.draw_page(drawable(opened, previews), page, WIDTH)
            previews.keep_page(picture)
        return picture

    def crowded(self, text: str) -> str:
        return plain(self.request, text)


class Download(OpeningView):
    """``telecharger``: the document byte for byte, whole or a range."""

    def show(self, opened: OpenedDocument):
        response, metadata = self.request.response, opened.metadata
        inline = "affichage" in self.request.form and metadata.kind in INLINE
        harmless(response)
        response.setHeader("Content-Disposition", disposition(metadata.name, inline))
        response.setHeader("Accept-Ranges", "bytes")
        media_type = MEDIA_TYPES.get(metadata.kind, OCTETS)
        response.setHeader("Content-Type", media_type)
        try:
            asked = parse_range(self.request.getHeader("Range"), opened.size)
        except Unsatisfiable:
            opened.close()
            response.setHeader("Content-Range", f"bytes */{opened.size}")
            response.setStatus(416, lock=1)
            return ""
        start, stop = asked or (0, opened.size)
        if asked:
            response.setHeader(
                "Content-Range", f"bytes {start}-{stop - 1}/{opened.size}"
            )
            response.setStatus(206, lock=1)
        response.setHeader("Content-Length", str(stop - start))
        if self.request.get("REQUEST_METHOD") == "HEAD":
            opened.close()
            return ""
        self._note_download(inline, start)
        return DocumentStream(opened, start, stop, self._alteration_noter())

    def _note_download(self, inline: bool, start: int) -> None:
        """Note it before it leaves; ranges that go on belong to the same download."""
        action = READ if inline else DOWNLOADED
        window = DOWNLOAD_SECONDS if start else VISIT_SECONDS
        self.note(action, self.document_id, window=window)

    def _alteration_noter(self):
        """Return what notes an alteration that is found on the way.

        The request and its connection have ended by then.
        """
        write, item = background.writer(self.context), self.document_id
        return lambda: write(lambda space: note(space, ALTERED_NOTED, item=item))
