"""Search of the public content."""

from dataclasses import dataclass
from plone import api
import re


#: Results of a page.
PAGE_SIZE = 20

#: What a search finds; sections and settings are not results.
TYPES = ("Commune", "Contact", "Cub", "Document", "File", "Image", "News Item")

#: Shown as pages of their own rather than as what they hold.
VIEWED = ("File", "Image")


@dataclass(frozen=True)
class Result:
    """One result, made from catalog metadata."""

    title: str
    summary: str
    url: str
    publisher: str


def words_of(text: str) -> list[str]:
    """Return the words of a search, at most eight, without the catalog's operators."""
    words = re.findall(r"[\w’'-]+", text.replace("*", " "), flags=re.UNICODE)
    return [word.strip("-'’") for word in words if word.strip("-'’")][:8]


def search(
    text: str, start: int = 0, size: int = PAGE_SIZE
) -> tuple[list[Result], int]:
    """Return a slice of what the current user may see and how many results there are.

    All the words have to occur; the beginning of a word is enough.
    """
    words = words_of(text)
    if not words:
        return [], 0
    brains = api.portal.get_tool("portal_catalog").searchResults(
        SearchableText=" AND ".join(
            f'"{word}"' if "-" in word else f"{word}*" for word in words
        ),
        portal_type=list(TYPES),
        sort_on="effective",
        sort_order="reverse",
        sort_limit=start + size,
    )
    total = getattr(brains, "actual_result_count", len(brains))
    rows = [
        Result(
            title=brain.Title,
            summary=brain.Description,
            url=brain.getURL() + ("/view" if brain.portal_type in VIEWED else ""),
            publisher=brain.publisher or "",
        )
        for brain in brains[start : start + size]
    ]
    return rows, total
