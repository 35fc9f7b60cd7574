"""What the list of registrations is filtered by: read from a form, written to a URL."""

from civisdata.content.citizens.catalog import LETTER
from civisdata.content.citizens.catalog import NO_RECEIPT
from civisdata.content.citizens.catalog import ORDERS
from civisdata.content.citizens.desk import visible_communes
from civisdata.content.citizens.office.browser.base import DeskPage
from civisdata.content.citizens.office.browser.words import STATES
from civisdata.content.citizens.office.browser.words import WAITING
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from functools import cached_property
from urllib.parse import urlencode


MARKS = (LETTER, NO_RECEIPT)


class Filtered(DeskPage):
    """A page over the registrations that match; others' communes never do."""

    @cached_property
    def visible(self) -> set[str] | None:
        return visible_communes(self.context)

    @cached_property
    def communes(self) -> dict[str, str]:
        """Communes that can be filtered by, slug → name."""
        return {
            slug: name
            for slug, name in self.all_communes.items()
            if self.visible is None or slug in self.visible
        }

    @property
    def state(self) -> str:
        """The state filtered by; nothing sent means those that wait."""
        asked = self.request.form.get("state", "pending")
        return asked if isinstance(asked, str) and asked in STATES else ""

    @property
    def commune(self) -> str:
        asked = self.typed("commune")
        return asked if asked in self.communes else ""

    @property
    def text(self) -> str:
        return self.typed("text").strip()[:100]

    @property
    def order(self) -> str:
        asked = self.typed("order")
        return asked if asked in ORDERS else "newest"

    @property
    def waiting(self) -> str:
        asked = self.typed("waiting")
        return asked if asked in WAITING else ""

    @property
    def doubtful(self) -> bool:
        """Likeness tells of other communes' people: only to who manages all."""
        return self.may_manage and self.typed("doubtful") == "yes"

    @property
    def mark(self) -> str:
        asked = self.typed("mark")
        return asked if self.may_manage and asked in MARKS else ""

    @property
    def query(self) -> dict:
        """The filters for the catalog."""
        before = None
        if self.waiting:
            before = datetime.now(UTC) - timedelta(days=WAITING[self.waiting][0] - 1)
        return {
            "states": [self.state] if self.state else (),
            "communes": [self.commune] if self.commune else self.visible,
            "text": self.text,
            "before": before,
            "doubtful": self.doubtful,
            "mark": self.mark,
            "order": self.order,
        }

    @property
    def filters(self) -> dict[str, str]:
        """The filters for a URL or hidden fields; those that say nothing are left out."""
        asked = {
            "state": self.state or "all",
            "commune": self.commune,
            "text": self.text,
            "waiting": self.waiting,
            "doubtful": "yes" if self.doubtful else "",
            "mark": self.mark,
            "order": self.order,
        }
        return {name: value for name, value in asked.items() if value}

    def ids(self, most: int) -> list[str]:
        """Return the ids of all that match, ``most`` at most."""
        found, _total = self.catalog.search(**self.query, size=most)
        return [row.id for row in found]

    def url_of(self, view: str, **changes) -> str:
        asked = {**self.filters, **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.base_url}/@@{view}?{query}"
