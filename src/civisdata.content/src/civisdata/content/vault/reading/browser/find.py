"""``chercher`` of a document: words in all its pages, as a page or as JSON.

``POST`` with ``q``, ``de`` (the page to begin at) and the CSRF token: what is looked for
stays out of addresses, histories and logs.
"""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.vault import render
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.reading import OpeningView
from civisdata.content.vault.browser.texts import NOT_SHOWN
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.journal_words import READ
from civisdata.content.vault.reading.finding import find
from civisdata.content.vault.reading.finding import Found
from civisdata.content.vault.render import RenderError
from dataclasses import asdict
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
import json


#: Pages that are searched by one request, and hits given by it.
PAGES = 200
HITS = 50
MAX_QUERY = 100


class Find(OpeningView):
    """Pages of this document that hold the words."""

    index = ViewPageTemplateFile("templates/find.pt")
    page_title = _("Search in this document")
    hits: tuple[Found, ...] = ()
    #: The page from which a next request goes on, None at the end.
    next: int | None = None

    def respond(self):
        if self.request.method != "POST":
            self.request.response.redirect(f"{self.document_url}/lire")
            return ""
        self.check_token()
        return super().respond()

    @property
    def query(self) -> str:
        value = self.request.form.get("q", "")
        return " ".join(value.split())[:MAX_QUERY] if isinstance(value, str) else ""

    @property
    def begin(self) -> int:
        return whole_number(self.request.form.get("de"), 10**6) or 1

    def show(self, opened: OpenedDocument):
        with opened:
            try:
                if self.query:
                    self._find(self.source(opened))
            except RenderError as error:
                if self.wants_json:
                    return self._json({"error": error.reason}, 422)
                self.failure_text = self.text(NOT_SHOWN[error.reason])
        if self.wants_json:
            hits = [asdict(hit) for hit in self.hits]
            return self._json({"hits": hits, "next": self.next})
        return self.index()

    def _find(self, source: render.Source) -> None:
        if source.kind != "pdf":
            raise RenderError("kind")
        first, found = self.begin - 1, []
        text = render.read_text(source, first, PAGES)
        after = first
        for after, page in enumerate(text.texts, first + 1):
            hit = find(page, self.query, after)
            if hit is not None:
                found.append(hit)
                if len(found) == HITS:
                    break
        self.note(READ, self.document_id)
        self.hits = tuple(found)
        self.next = after + 1 if first < after < text.pages else None

    def crowded(self, text: str):
        if self.wants_json:
            return self._json({"error": "crowded", "message": text}, 503)
        return super().crowded(text)

    @property
    def wants_json(self) -> bool:
        return "application/json" in (self.request.getHeader("Accept") or "")

    def _json(self, content: dict, status: int = 200) -> str:
        response = self.request.response
        harmless(response)
        response.setStatus(status, lock=1)
        response.setHeader("Content-Type", "application/json")
        return json.dumps(content)
