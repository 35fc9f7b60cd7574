"""The page of search results, and suggestions while typing."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsPage
from civisdata.content.search.query import Filters
from civisdata.content.search.query import KINDS
from civisdata.content.search.query import LONGEST
from civisdata.content.search.query import PAGE_SIZE
from civisdata.content.search.query import PERIODS
from civisdata.content.search.query import search
from civisdata.content.search.query import suggest
from functools import cached_property
from Products.Five import BrowserView
from urllib.parse import urlencode
import json


#: Kinds and periods in words; the first is what is offered without a choice.
KIND_TITLES = {
    "": _("Everything"),
    "actualite": _("News"),
    "document": _("Documents"),
    "contact": _("Contacts"),
    "commune": _("Communes"),
    "page": _("Pages"),
}
KIND_NAMES = {
    "actualite": _("News item"),
    "document": _("Document"),
    "contact": _("Contact"),
    "commune": _("Commune"),
    "page": _("Page"),
}
PERIOD_TITLES = {
    "": _("At any time"),
    "semaine": _("In the last seven days"),
    "mois": _("In the last month"),
    "an": _("In the last year"),
}


def text_of(request, name: str) -> str:
    """Return a text of the form, shortened; what isn't a text is empty."""
    value = request.form.get(name, "")
    if not isinstance(value, str):
        return ""
    return " ".join(value.replace("\0", " ").split())[:LONGEST]


class SearchView(NewsPage):
    """Results for ``SearchableText``; works with a link or a form."""

    page_title = _("Search")

    @property
    def wanted(self) -> str:
        return text_of(self.request, "SearchableText")

    @cached_property
    def filters(self) -> Filters:
        """What was chosen; what doesn't exist chooses nothing."""

        def among(name: str, known) -> str:
            value = text_of(self.request, name)
            return value if value in known else ""

        return Filters(
            among("type", KINDS),
            among("commune", self.names),
            among("periode", PERIODS),
        )

    @property
    def is_filtered(self) -> bool:
        return self.filters != Filters()

    @cached_property
    def found(self) -> tuple[list, int]:
        return search(self.wanted, self.filters, self.start)

    def kinds(self) -> list[dict]:
        return _options(KIND_TITLES, self.filters.kind)

    def periods(self) -> list[dict]:
        return _options(PERIOD_TITLES, self.filters.period)

    def publishers(self) -> list[dict]:
        titles = {"": _("Everywhere"), **self.names}
        return _options(titles, self.filters.publisher)

    def kind_name(self, kind: str) -> str:
        return KIND_NAMES.get(kind, "")

    def url(self, start: int = 0, filters: bool = True) -> str:
        """Return the address of this search, from ``start`` on."""
        query = {"SearchableText": self.wanted}
        if filters:
            query |= {
                "type": self.filters.kind,
                "commune": self.filters.publisher,
                "periode": self.filters.period,
            }
        if start:
            query["debut"] = start
        query = {name: value for name, value in query.items() if value}
        return f"{self.portal_url}/@@search?{urlencode(query)}"

    def page_url(self, step: int) -> str | None:
        """Return the address of the next (1) or previous (-1) page, if there is one."""
        start = self.start + step * PAGE_SIZE
        if start < 0 or start >= self.found[1]:
            return None
        return self.url(start)


def _options(titles: dict, chosen: str) -> list[dict]:
    return [
        {"id": id, "title": title, "selected": "selected" if id == chosen else None}
        for id, title in titles.items()
    ]


class Suggestions(BrowserView):
    """Titles for what was typed so far, as JSON."""

    def __call__(self) -> str:
        self.request.response.setHeader("Content-Type", "application/json")
        rows = suggest(text_of(self.request, "q"))
        return json.dumps(
            [{"title": row.title, "url": row.url, "kind": row.kind} for row in rows]
        )
