"""Age brackets: for whom a news item is, and which one a citizen is in."""

from civisdata.content import _
from datetime import date
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


#: Stable id, youngest age, title; an age belongs to the last bracket it reaches.
BRACKETS = (
    ("15-17", 15, _("15 to 17")),
    ("18-25", 18, _("18 to 25")),
    ("26-39", 26, _("26 to 39")),
    ("40-59", 40, _("40 to 59")),
    ("60-plus", 60, _("60 and over")),
)


def age_brackets() -> dict[str, str]:
    """Return the age brackets, id → title, youngest first."""
    return {id: title for id, _youngest, title in BRACKETS}


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on ``day`` of someone born on ``birth_date``."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def bracket_of(age: int) -> str | None:
    """Return the id of the bracket of ``age`` in years, None below the youngest."""
    found = None
    for id, youngest, _title in BRACKETS:
        if age >= youngest:
            found = id
    return found


@provider(IVocabularyFactory)
def age_brackets_vocabulary(context) -> SimpleVocabulary:
    """Vocabulary ``civisdata.age_brackets`` for forms."""
    return SimpleVocabulary(
        [SimpleTerm(id, id, title) for id, _youngest, title in BRACKETS]
    )
