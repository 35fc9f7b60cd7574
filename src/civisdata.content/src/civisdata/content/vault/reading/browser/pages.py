"""``mots`` and ``vignettes`` of a document: what the viewer's script asks for, as JSON."""

from base64 import b64encode
from civisdata.content.vault import render
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.reading import OpeningView
from civisdata.content.vault.browser.reading import page_asked
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.journal_words import READ
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.render import Source
from zExceptions import NotFound
import json


#: Small images of pages given at once, and their width.
BATCH = 12
SMALL = 120


class JsonView(OpeningView):
    """A view that answers with JSON; 404 where there is no such page."""

    def show(self, opened: OpenedDocument):
        with opened:
            try:
                answer = self.ask(self.source(opened), page_asked(self.request))
            except RenderError as error:
                if error.reason in ("page", "kind"):
                    raise NotFound("page") from None
                return self.answer({"error": error.reason}, 422)
        self.note(READ, self.document_id)
        return self.answer(answer)

    def crowded(self, text: str) -> str:
        return self.answer({"error": "crowded", "message": text}, 503)

    def fail(self, message, status: int = 200):
        return self.answer({"error": "altered"}, status)

    def answer(self, content: dict, status: int = 200) -> str:
        response = self.request.response
        harmless(response)
        response.setStatus(status, lock=1)
        response.setHeader("Content-Type", "application/json")
        return json.dumps(content)

    def ask(self, source: Source, page: int) -> dict:
        raise NotImplementedError


class Words(JsonView):
    """``mots?n=1``: the words of a page and their places on it."""

    def ask(self, source: Source, page: int) -> dict:
        if source.kind != "pdf":
            raise RenderError("kind")
        return render.read_words(source, page)


class Thumbnails(JsonView):
    """``vignettes?n=1``: small images of a dozen pages, from this one on.

    ``images`` are JPEG in base64, empty where a page can't be drawn.
    """

    def ask(self, source: Source, page: int) -> dict:
        if page < 0 or page > 10**6:
            raise RenderError("page")
        smalls = render.draw_small(source, page, BATCH, SMALL)
        images = [b64encode(image).decode("ascii") for image in smalls.images]
        return {"pages": smalls.pages, "images": images}
