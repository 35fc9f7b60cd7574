"""Search of the public content: what everybody may read, for everybody the same.

Not even staff find drafts here, so what is found depends on nobody and can be cached.
"""

from civisdata.content.search.french import STOP_WORDS
from civisdata.content.search.french import words_of
from dataclasses import dataclass
from DateTime import DateTime
from plone import api
from plone.i18n.normalizer.base import baseNormalize


#: Results of a page, the last that can be reached, and suggestions.
PAGE_SIZE = 20
LAST_START = 1000
SUGGESTIONS = 8

#: What is looked at of a search: characters, then words.
LONGEST = 200
MOST_WORDS = 8

#: Kinds of results by the id that stands in the address.
KINDS = {
    "actualite": ("News Item",),
    "document": ("File", "Image"),
    "contact": ("Contact",),
    "commune": ("Commune", "Cub"),
    "page": ("Document",),
}
_KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}

#: Periods by the id that stands in the address: days before now.
PERIODS = {"semaine": 7, "mois": 31, "an": 366}

#: Shown as pages of their own rather than as what they hold.
VIEWED = ("File", "Image")

#: The parser's own words, as everybody might write them.
_OPERATORS = ("and", "not", "or")


@dataclass(frozen=True)
class Filters:
    """What results are wanted: a kind, a publisher's id, a period; empty for all."""

    kind: str = ""
    publisher: str = ""
    period: str = ""


@dataclass(frozen=True)
class Result:
    """One result, made from catalog metadata."""

    title: str
    summary: str
    url: str
    publisher: str
    kind: str
    published: DateTime | None


def text_query(text: str) -> str:
    """Return the catalog's query for a text, empty where it has no words.

    All words have to occur, in any form of theirs; the beginning of a word is enough.
    Small words count only where there is nothing else.
    """
    words = words_of(text[:LONGEST])[:MOST_WORDS]
    # Plone's own normalizer comes before ours: it makes « d » of « ð ».
    telling = [word for word in words if baseNormalize(word) not in STOP_WORDS]
    if not telling:
        return " AND ".join(f"{word}*" for word in words if len(word) > 1)
    return " AND ".join(_either(word) for word in telling)


def _either(word: str) -> str:
    # One letter begins too many words; an operator alone would be taken for one.
    forms = [f"{word}*"] if len(word) > 1 else []
    if word not in _OPERATORS:
        forms.append(word)
    return f"({' OR '.join(forms)})"


def search(
    text: str, filters: Filters = Filters(), start: int = 0, size: int = PAGE_SIZE
) -> tuple[list[Result], int]:
    """Return a slice of the public results and how many there are.

    Those whose title holds the words come first, then the others; both the newest first.
    """
    words = text_query(text)
    if not words:
        return [], 0
    start = min(start, LAST_START)
    end = start + size
    query = _public(filters)
    titled, titles = _newest({**query, "SearchableText": words, "Title": words}, end)
    found, total = _newest({**query, "SearchableText": words}, end)
    if titles < end:
        # Fewer titles than rows wanted: all of them are here.
        first = {brain.getRID() for brain in titled}
        titled += [brain for brain in found if brain.getRID() not in first]
    return [_result(brain) for brain in titled[start:end]], total


def suggest(text: str, size: int = SUGGESTIONS) -> list[Result]:
    """Return the newest public items whose titles hold the words; a few."""
    words = text_query(text)
    if not words:
        return []
    brains, _total = _newest({**_public(Filters()), "Title": words}, size)
    return [_result(brain) for brain in brains]


def _public(filters: Filters) -> dict:
    """Return the part of the query that says who may read, and what is wanted."""
    names = KINDS.get(filters.kind) or tuple(_KIND_OF)
    query = {
        "allowedRolesAndUsers": ["Anonymous"],
        "effectiveRange": DateTime(),
        "portal_type": list(names),
    }
    if filters.publisher:
        query["publisher"] = filters.publisher
    if filters.period in PERIODS:
        query["effective"] = {
            "query": DateTime() - PERIODS[filters.period],
            "range": "min",
        }
    return query


def _newest(query: dict, limit: int) -> tuple[list, int]:
    catalog = api.portal.get_tool("portal_catalog")
    brains = catalog.unrestrictedSearchResults(
        **query, sort_on="effective", sort_order="reverse", sort_limit=limit
    )
    return list(brains[:limit]), getattr(brains, "actual_result_count", len(brains))


def _result(brain) -> Result:
    dated = brain.portal_type != "Commune" and brain.effective.year() > 1970
    return Result(
        title=brain.Title,
        summary=brain.Description,
        url=brain.getURL() + ("/view" if brain.portal_type in VIEWED else ""),
        publisher=brain.publisher or "",
        kind=_KIND_OF.get(brain.portal_type, "page"),
        published=brain.effective if dated else None,
    )
