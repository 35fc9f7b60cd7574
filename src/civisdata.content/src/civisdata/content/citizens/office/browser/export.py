"""``/espaces/@@export-inscriptions``: the list as CSV, for a purpose that is noted."""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.office import exports
from civisdata.content.citizens.office.browser.filters import Filtered
from civisdata.content.citizens.office.browser.words import STATES
from datetime import datetime
from datetime import UTC
from functools import cached_property
from zExceptions import NotFound


EXPORT = "civisdata.content: Export registrations"


class Export(Filtered):
    """The same filters as the list; without a POST nothing goes out."""

    page_title = _("Export this list")
    shortest, longest = exports.SHORTEST_PURPOSE, exports.LONGEST_PURPOSE

    def check_rights(self) -> None:
        if not getSecurityManager().checkPermission(EXPORT, self.context):
            raise NotFound("export")

    @property
    def may_act(self) -> bool:
        return True

    @property
    def url(self) -> str:
        return f"{self.base_url}/@@export-inscriptions"

    @cached_property
    def total(self) -> int:
        return self.catalog.search(**self.query, size=0)[1]

    def chosen(self) -> list[dict]:
        """The filters in words."""
        rows = (
            (_("State"), STATES.get(self.state) or _("All")),
            (_("Commune"), self.communes.get(self.commune) or _("All")),
            (_("Text"), self.text),
        )
        return [{"label": label, "value": value} for label, value in rows if value]

    def act(self) -> bytes | None:
        ids = self.ids(exports.MOST)
        # What was searched for may be a name: the log says only that there was something.
        told = {**self.filters, "text": "…" if self.text else ""}
        told.pop("order", None)
        filters = ", ".join(f"{name}={value}" for name, value in told.items() if value)
        try:
            data = exports.export(
                self.context, ids, self.me, self.typed("purpose"), filters
            )
        except exports.PurposeMissing:
            self.refuse_with(
                _(
                    "Write what this list is for, in ${shortest} to ${longest} "
                    "characters.",
                    mapping={"shortest": self.shortest, "longest": self.longest},
                ),
                422,
            )
            return None
        day = datetime.fromtimestamp(clock.now(), UTC).date().isoformat()
        response = self.request.response
        response.setHeader("Content-Type", "text/csv; charset=utf-8")
        response.setHeader(
            "Content-Disposition", f'attachment; filename="inscriptions-{day}.csv"'
        )
        return data
