"""Age brackets: for whom a news item is, and which one a citizen is in.

Webmasters set them. A bracket is a stable id and its youngest age; it ends where the next
one begins. Ids are never used again, as news and registrations refer to them.
"""

from Acquisition import aq_base
from civisdata.content import _
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from plone import api
from zope.i18nmessageid import Message
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


#: Records of the registry: id → youngest age, of what is offered and what no longer is.
RECORD = "civisdata.age_brackets"
RETIRED_RECORD = "civisdata.age_brackets_retired"


@dataclass(frozen=True)
class Ages:
    """The brackets of a portal, id → youngest age; retired ones kept their limit."""

    offered: Mapping[str, int]
    retired: Mapping[str, int] = field(default_factory=dict)

    def bracket_of(self, age: int) -> str | None:
        """Return the id of the bracket of ``age`` in years, None below the youngest."""
        reached = [id for id in self._in_order() if self.offered[id] <= age]
        return reached[-1] if reached else None

    def current(self, id: str) -> str | None:
        """Return the bracket that stands for ``id`` today: a retired one's heir."""
        if id in self.offered:
            return id
        return self.bracket_of(self.retired[id]) if id in self.retired else None

    def reached_by(self, id: str) -> tuple[str, ...]:
        """Return whose news people of a bracket read: its own, and those it inherited."""
        heirs = [old for old in self.retired if self.current(old) == id]
        return (id, *sorted(set(heirs) - {id}))

    def titles(self) -> dict[str, Message]:
        """Return the titles of what is offered by id, youngest first."""
        ids, found = self._in_order(), {}
        for id, after in zip(ids, [*ids[1:], None], strict=True):
            oldest = None if after is None else self.offered[after] - 1
            found[id] = title_of(self.offered[id], oldest)
        return found

    def _in_order(self) -> list[str]:
        return sorted(self.offered, key=lambda id: self.offered[id])


def title_of(youngest: int, oldest: int | None) -> Message:
    """Return the title of a bracket by its limits in years; None: it has no end."""
    if oldest is None:
        return _("Age ${youngest} and over", mapping={"youngest": youngest})
    if oldest == youngest:
        return _("Age ${youngest}", mapping={"youngest": youngest})
    return _(
        "Ages ${youngest} to ${oldest}",
        mapping={"youngest": youngest, "oldest": oldest},
    )


#: What a portal begins with.
SHIPPED = Ages({"15-17": 15, "18-25": 18, "26-39": 26, "40-59": 40, "60-plus": 60})


def ages() -> Ages:
    """Return the brackets of this portal."""
    offered = api.portal.get_registry_record(RECORD, default=None)
    retired = api.portal.get_registry_record(RETIRED_RECORD, default=None)
    return Ages(dict(offered), dict(retired or {})) if offered else SHIPPED


def age_brackets() -> dict[str, Message]:
    """Return the age brackets of this portal, id → title, youngest first."""
    return ages().titles()


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on ``day`` of someone born on ``birth_date``."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


@provider(IVocabularyFactory)
def age_brackets_vocabulary(context) -> SimpleVocabulary:
    """Vocabulary ``civisdata.age_brackets`` for forms.

    What is edited keeps its retired brackets until its editor takes them away.
    """
    known = ages()
    own = getattr(aq_base(context), "age_brackets", None) or ()
    kept = {id: title_of(known.retired[id], None) for id in own if id in known.retired}
    return SimpleVocabulary(
        [SimpleTerm(id, id, title) for id, title in {**known.titles(), **kept}.items()]
    )
