"""The list of the communes."""

from civisdata.content import _
from civisdata.content.territory.directory import CommuneRow
from civisdata.content.territory.directory import directory
from civisdata.content.territory.directory import matching
from Products.Five import BrowserView


class CommunesView(BrowserView):
    """Default view of the folder of the communes; ``q`` filters by name or code."""

    page_title = _("The communes")
    page_description = _("The 28 communes of the Communauté urbaine de Bordeaux.")

    @property
    def wanted(self) -> str:
        value = self.request.form.get("q", "")
        return value.strip()[:60] if isinstance(value, str) else ""

    def rows(self) -> list[CommuneRow]:
        rows = directory()
        return matching(rows, self.wanted) if self.wanted else rows
