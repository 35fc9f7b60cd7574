"""The list of the communes, the field that finds one, and the map."""

from civisdata.content import _
from civisdata.content.territory.directory import CommuneRow
from civisdata.content.territory.directory import directory
from civisdata.content.territory.finding import LONGEST
from civisdata.content.territory.finding import matching
from civisdata.content.territory.map import territory_map
from functools import cached_property
from plone import api
from Products.Five import BrowserView
from zExceptions import NotFound


class CommunesView(BrowserView):
    """The folder of the communes: ``q`` finds by name or code.

    Where one commune alone is meant, its page is opened.
    """

    page_title = _("The communes")
    page_description = _("The communes of the Communauté urbaine de Bordeaux.")

    def __call__(self) -> str:
        if self.wanted and len(self.rows) == 1:
            self.request.response.redirect(self.rows[0].url, status=302)
            return ""
        return self.index()

    @property
    def wanted(self) -> str:
        value = self.request.form.get("q", "")
        return value.strip()[:LONGEST] if isinstance(value, str) else ""

    @cached_property
    def all_rows(self) -> list[CommuneRow]:
        return directory()

    @cached_property
    def rows(self) -> list[CommuneRow]:
        return matching(self.all_rows, self.wanted) if self.wanted else self.all_rows


class CommunesParts(BrowserView):
    """Parts of pages: the field, the list, the map of the territory."""

    def __call__(self) -> None:
        """Not a page of its own."""
        raise NotFound(self.__name__)

    def drawing(self):
        return territory_map()

    def tiles(self, rows: list[CommuneRow]) -> list[dict]:
        """The communes that have a place on the map, with their shape."""
        shapes = territory_map().shapes
        return [
            {"row": row, "shape": shapes[row.insee_code]}
            for row in rows
            if row.insee_code in shapes
        ]

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()
