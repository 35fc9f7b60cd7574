"""The address book: who is asked for what, in one query of the catalog."""

from civisdata.content.contacts.card import Card
from civisdata.content.contacts.card import card_of
from civisdata.content.contacts.indexers import EVERYBODY
from civisdata.content.territory.directory import plain
from dataclasses import dataclass
from plone import api


PAGE_SIZE = 20

#: The CUB's contacts are there for the inhabitants of all its communes.
CUB = "cub"

#: Words of a search that count.
MOST_WORDS = 8


@dataclass(frozen=True)
class Found:
    """A slice of the contacts found, and how many there are."""

    cards: tuple[Card, ...]
    start: int
    total: int

    @property
    def next_start(self) -> int | None:
        after = self.start + PAGE_SIZE
        return after if after < self.total else None

    @property
    def previous_start(self) -> int | None:
        return max(0, self.start - PAGE_SIZE) if self.start else None


def text_query(text: str) -> str:
    """Return the catalog's query for the words of ``text``; all have to occur.

    The beginning of a word is enough; accents, case and the catalog's own operators
    don't count.
    """
    words = plain(text).split()[:MOST_WORDS]
    return " AND ".join(f"{word}*" for word in words)


def search(
    text: str = "",
    procedure: str | None = None,
    commune: str | None = None,
    *,
    publisher: str | None = None,
    start: int = 0,
    size: int = PAGE_SIZE,
) -> Found:
    """Return the public contacts that somebody looks for, by name.

    ``commune`` (URL name) keeps those for its inhabitants: its own, the CUB's and the
    national ones; ``publisher`` only those of this one.
    """
    query = {
        "portal_type": "Contact",
        "review_state": "published",
        "sort_on": "sortable_title",
        "sort_limit": start + size,
    }
    if plain(text):
        query["SearchableText"] = text_query(text)
    elif text.strip():
        return Found((), start, 0)
    if procedure:
        query["contact_procedures"] = procedure
    if commune:
        query["contact_for"] = sorted({commune, CUB, EVERYBODY})
    if publisher:
        query["publisher"] = publisher
    brains = api.portal.get_tool("portal_catalog").searchResults(query)
    total = getattr(brains, "actual_result_count", len(brains))
    cards = tuple(card_of(brain) for brain in brains[start : start + size])
    return Found(cards, start, total)
