"""Procedures of the administration, as data: themes, whom to ask, papers needed.

The texts are French content, not texts of the interface. Ids are stable: links and the
vault refer to them.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
import json


@dataclass(frozen=True)
class NeededPaper:
    """A paper that a procedure asks for; any of ``kinds`` will do.

    ``kinds`` are ids of kinds of paper (see the vault's ``papers``); where
    ``max_age_months`` is given, the paper itself must not be older.
    """

    id: str
    title: str
    kinds: tuple[str, ...]
    max_age_months: int | None = None


@dataclass(frozen=True)
class Procedure:
    """A procedure; ``link`` is the official address, for all details."""

    id: str
    theme: str
    title: str
    summary: str
    whom: str
    link: str
    papers: tuple[NeededPaper, ...]


@dataclass(frozen=True)
class Theme:
    """Procedures that belong together."""

    id: str
    title: str
    procedures: tuple[Procedure, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """Return all themes with their procedures, in the order of the data file."""
    raw = json.loads(
        files("civisdata.content.contacts")
        .joinpath("procedures.json")
        .read_text(encoding="utf-8")
    )
    return tuple(
        Theme(
            theme["id"],
            theme["title"],
            tuple(_procedure(theme["id"], row) for row in theme["procedures"]),
        )
        for theme in raw
    )


def _procedure(theme: str, row: dict) -> Procedure:
    papers = tuple(
        NeededPaper(
            paper["id"],
            paper["title"],
            tuple(paper["kinds"]),
            paper.get("max_age_months"),
        )
        for paper in row["papers"]
    )
    texts = (row[name] for name in ("title", "summary", "whom", "link"))
    return Procedure(row["id"], theme, *texts, papers)


def procedure(procedure_id: str) -> Procedure | None:
    """Return a procedure, or None."""
    for theme in themes():
        for found in theme.procedures:
            if found.id == procedure_id:
                return found
    return None
