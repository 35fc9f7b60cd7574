"""The types by which documents are filed (R15): shipped ones, webmasters', one's own.

A type is an id, which never changes and is all that a document's box holds, and a title.
Lines are how webmasters write them: ``id|title``; an empty title is the shipped one.
"""

from civisdata.content import _
from collections.abc import Iterable
from collections.abc import Mapping
import re


#: Id → title, in the order in which they are offered.
CATEGORIES = {
    "administrative": _("Administrative papers"),
    "local": _("Local papers (voter’s card…)"),
    "national": _("National papers (passport, identity card, taxes…)"),
    "work": _("Work (contract, pay slips…)"),
    "studies": _("Studies (diplomas…)"),
    "bills": _("Bills (gas, electricity…)"),
    "other": _("Other documents"),
}
DEFAULT = "other"
#: Types of a webmaster's list, and of a citizen's own.
MAX_CATEGORIES = 60
MAX_TITLE = 80
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
#: Begins the ids of citizens' own types, so that a webmaster's can't be one of them.
OWN = "own-"


class BadCategories(ValueError):
    """A list of types that can't be; ``line`` is the one that is wrong (empty: all).

    ``reason``: ``id``, ``title``, ``twice``, ``default`` (it has to stay), ``too_many``.
    """

    def __init__(self, reason: str, line: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.line = line


def read_lines(lines: Iterable[str]) -> dict[str, str]:
    """Give id → title of ``id|title`` lines; BadCategories."""
    found: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            continue
        id, _bar, title = (part.strip() for part in line.partition("|"))
        title = " ".join(title.split())
        if not _ID.fullmatch(id) or id.startswith(OWN):
            raise BadCategories("id", line.strip())
        if len(title) > MAX_TITLE or (not title and id not in CATEGORIES):
            raise BadCategories("title", line.strip())
        if id in found:
            raise BadCategories("twice", line.strip())
        found[id] = title
    return found


def check_offered(found: Mapping[str, str]) -> None:
    """Raise BadCategories where a list can't be offered."""
    if DEFAULT not in found:
        raise BadCategories("default")
    if len(found) > MAX_CATEGORIES:
        raise BadCategories("too_many")


def with_titles(lines: Iterable[str]) -> dict[str, str]:
    """Give id → title of stored lines; all that is shipped where there are none."""
    found = read_lines(lines)
    return {id: title or CATEGORIES[id] for id, title in found.items()} or dict(
        CATEGORIES
    )


def retire(
    before: Mapping[str, str], retired: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, str]:
    """Give the types that are no longer offered, so that documents keep their titles.

    ``before`` and ``now`` are offered ones, as ``read_lines`` gives them.
    """
    gone = {**retired, **before}
    return {id: title for id, title in gone.items() if id not in now}
