"""``@@recherche``: words looked for in one's own documents.

``POST`` with ``q``, ``debut`` and the CSRF token, so that the words stay out of
addresses, histories and logs.
"""

from civisdata.content import _
from civisdata.content.citizens.current import current_bundle
from civisdata.content.numbers import whole_number
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.quick import quick_template
from civisdata.content.vault.browser.rows import day_of
from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.search.query import Found
from civisdata.content.vault.search.query import Hit
from civisdata.content.vault.search.query import search
from civisdata.content.vault.search.texts import pending_count
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from types import SimpleNamespace
import json


#: Results shown at once, and characters of a query.
PAGE = 20
MAX_QUERY = 200

#: Field in which words were found → what the citizen is told.
FIELDS = {
    "title": _("in the title"),
    "name": _("in the file name"),
    "notes": _("in your notes"),
    "text": _("in the text"),
}


class Searching(VaultView):
    """What the form and the page of results share."""

    template = ViewPageTemplateFile("templates/form.pt")

    @property
    def query(self) -> str:
        if self.request.method != "POST":
            return ""
        value = self.request.form.get("q", "")
        return " ".join(value.split())[:MAX_QUERY] if isinstance(value, str) else ""

    @property
    def search_url(self) -> str:
        return f"{self.space_url}/@@recherche"

    @property
    def pending(self) -> int:
        """Documents whose text is still to be read."""
        return pending_count(self.vault)

    @property
    def script_settings(self) -> str:
        """What reader.js needs, as JSON."""
        return json.dumps(
            {
                "url": f"{self.space_url}/@@indexer",
                "pending": self.pending,
                "text": self.text(
                    _("Documents whose text is still being read: ${count}")
                ),
                "done": self.text(_("The text of all your documents has been read.")),
            },
            ensure_ascii=False,
        )

    def form(self) -> str:
        return self.template()


class SearchForm(Searching):
    """The form by itself, for the page of documents."""

    def __call__(self):
        return "" if current_bundle(self.request) is None else self.form()


class Search(Searching):
    """``@@recherche``: the form, and what was found."""

    index = ViewPageTemplateFile("templates/search.pt")
    results_template = quick_template(__file__, "results.pt")
    page_title = _("Search in my documents")
    found: Found | None = None

    def respond(self):
        if self.query:
            self.check_token()
            self.found = search(
                self.vault, self.space_id, self.bundle, self.query, self.start, PAGE
            )
        return self.index()

    @property
    def start(self) -> int:
        return whole_number(self.request.form.get("debut"), 10**6) or 0

    @property
    def results(self) -> list[SimpleNamespace]:
        return [self._result(hit) for hit in self.found.hits] if self.found else []

    def _result(self, hit: Hit) -> SimpleNamespace:
        url = f"{self.list_url}/{hit.id}"
        shown = can_be_shown(hit.metadata.kind)
        where = ", ".join(self.text(FIELDS[field]) for field in hit.fields)
        return SimpleNamespace(
            title=hit.metadata.title,
            name=hit.metadata.name,
            url=f"{url}/lire" if shown else f"{url}/telecharger",
            image=f"{url}/vignette",
            folders=" › ".join(hit.folders),
            found=self.text(_("Found ${where}", mapping={"where": where})),
            date=day_of(hit.metadata.stored_at),
        )

    @property
    def earlier(self) -> int | None:
        """Where the results before these begin."""
        return max(0, self.start - PAGE) if self.start else None

    @property
    def later(self) -> int | None:
        after = self.start + PAGE
        return after if self.found and after < self.found.total else None
