"""The page of search results."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsPage
from civisdata.content.news.search import PAGE_SIZE
from civisdata.content.news.search import search
from functools import cached_property
from urllib.parse import urlencode


class SearchView(NewsPage):
    """Results for ``SearchableText``; works with a link or a form."""

    page_title = _("Search")

    @property
    def wanted(self) -> str:
        value = self.request.form.get("SearchableText", "")
        return value.strip()[:200] if isinstance(value, str) else ""

    @cached_property
    def found(self) -> tuple[list, int]:
        return search(self.wanted, self.start)

    def page_url(self, step: int) -> str | None:
        """Return the address of the next (1) or previous (-1) page, if there is one."""
        start = self.start + step * PAGE_SIZE
        if start < 0 or start >= self.found[1]:
            return None
        query = urlencode({"SearchableText": self.wanted, "debut": start})
        return f"{self.context.absolute_url()}/@@search?{query}"
