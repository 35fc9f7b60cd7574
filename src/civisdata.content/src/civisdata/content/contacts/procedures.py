"""Procedures of the administration: themes, whom to ask, papers needed.

The texts are French content, not texts of the interface. The first set is shipped
(``procedures.json``); what webmasters make of it is one record of the registry, of the
same form. Ids are stable: links, contacts and the vault refer to them. What is retired
is no longer offered, but still known.
"""

from dataclasses import dataclass
from functools import cache
from functools import lru_cache
from importlib.resources import files
from plone.registry.interfaces import IRegistry
from zope.component import queryUtility
import json


#: What webmasters have made of the shipped procedures; empty before they do.
RECORD = "civisdata.procedures"


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
    retired: bool = False


@dataclass(frozen=True)
class Theme:
    """Procedures that belong together."""

    id: str
    title: str
    procedures: tuple[Procedure, ...]
    retired: bool = False


@cache
def shipped_text() -> str:
    """Return the procedures that Civis Data brings, as JSON."""
    return (
        files("civisdata.content.contacts")
        .joinpath("procedures.json")
        .read_text(encoding="utf-8")
    )


@lru_cache(maxsize=4)
def read(text: str) -> tuple[Theme, ...]:
    """Return the themes that a JSON text holds, retired ones too."""
    return tuple(
        Theme(
            theme["id"],
            theme["title"],
            tuple(_procedure(theme["id"], row) for row in theme["procedures"]),
            bool(theme.get("retired")),
        )
        for theme in json.loads(text)
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
    return Procedure(row["id"], theme, *texts, papers, bool(row.get("retired")))


def write(themes: tuple[Theme, ...]) -> str:
    """Return themes as the JSON text that ``read`` reads."""
    return json.dumps([_theme_row(theme) for theme in themes], ensure_ascii=False)


def _theme_row(theme: Theme) -> dict:
    row: dict = {"id": theme.id, "title": theme.title}
    row["procedures"] = [_procedure_row(found) for found in theme.procedures]
    return row | ({"retired": True} if theme.retired else {})


def _procedure_row(found: Procedure) -> dict:
    row: dict = {
        name: getattr(found, name)
        for name in ("id", "title", "summary", "whom", "link")
    }
    row["papers"] = [
        {"id": paper.id, "title": paper.title, "kinds": list(paper.kinds)}
        | ({"max_age_months": age} if (age := paper.max_age_months) else {})
        for paper in found.papers
    ]
    return row | ({"retired": True} if found.retired else {})


def all_themes() -> tuple[Theme, ...]:
    """Return all themes and procedures of this portal, retired ones too."""
    registry = queryUtility(IRegistry)
    own = registry.get(RECORD) if registry is not None else None
    return read(own or shipped_text())


def themes() -> tuple[Theme, ...]:
    """Return the themes that are offered, with their procedures, in their order."""
    return tuple(
        Theme(
            theme.id,
            theme.title,
            tuple(found for found in theme.procedures if not found.retired),
        )
        for theme in all_themes()
        if not theme.retired
    )


def procedure(procedure_id: str) -> Procedure | None:
    """Return a procedure, a retired one too, or None."""
    for theme in all_themes():
        for found in theme.procedures:
            if found.id == procedure_id:
                return found
    return None


def procedure_titles() -> dict[str, str]:
    """Return the titles of all procedures that something may name, by id."""
    return {
        found.id: found.title for theme in all_themes() for found in theme.procedures
    }
