"""The two-level list of procedures as webmasters edit it: lines, without losing anything.

A theme is a line « id | title », a procedure below it « - id | title ». What no longer
stands there is retired: its page and what refers to it stay.
"""

from civisdata.content.contacts.procedures import NeededPaper
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import Theme
from dataclasses import replace
import re


MOST_THEMES = 40
MOST_PROCEDURES = 300
MOST_PAPERS = 30
LONGEST_TITLE = 160

_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e]")


class BadLines(ValueError):
    """Lines that can't be taken; ``line`` is the first one concerned.

    ``reason``: ``id``, ``title``, ``twice``, ``theme``, ``empty``, ``too_many``,
    ``paper``.
    """

    def __init__(self, reason: str, line: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def to_lines(themes: tuple[Theme, ...]) -> str:
    """Return what is offered as lines to edit."""
    lines = []
    for theme in themes:
        if theme.retired:
            continue
        lines.append(f"{theme.id} | {theme.title}")
        lines += [
            f"- {found.id} | {found.title}"
            for found in theme.procedures
            if not found.retired
        ]
    return "\n".join(lines)


def _parts(line: str) -> tuple[str, str]:
    id, bar, title = (part.strip() for part in line.partition("|"))
    if not bar or not _ID.fullmatch(id):
        raise BadLines("id", line)
    if not title or len(title) > LONGEST_TITLE or _CONTROL.search(title):
        raise BadLines("title", line)
    return id, title


def apply_lines(before: tuple[Theme, ...], text: str) -> tuple[Theme, ...]:
    """Return ``before`` as the lines of ``text`` want it; raise ``BadLines``.

    A procedure may move to another theme. An id is never used for something else: one
    that was retired comes back with what it had.
    """
    known_themes = {theme.id: theme for theme in before}
    known = {found.id: found for theme in before for found in theme.procedures}
    wanted: dict[str, tuple[str, list[Procedure]]] = {}
    seen: set[str] = set()
    current = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        is_procedure = line.startswith("-")
        id, title = _parts(line.removeprefix("-").strip())
        if is_procedure:
            if not current:
                raise BadLines("theme", line)
            if id in seen:
                raise BadLines("twice", line)
            seen.add(id)
            old = known.get(id) or Procedure(id, current, title, "", "", "", ())
            new = replace(old, theme=current, title=title, retired=False)
            wanted[current][1].append(new)
        else:
            if id in wanted:
                raise BadLines("twice", line)
            wanted[id] = title, []
            current = id
    if not wanted or not seen:
        raise BadLines("empty")
    if len(wanted) > MOST_THEMES or len(seen) > MOST_PROCEDURES:
        raise BadLines("too_many")
    return _with_retired(wanted, known_themes, seen)


def _with_retired(wanted: dict, known: dict[str, Theme], seen: set[str]):
    found = []
    for id, (title, procedures) in wanted.items():
        old = known[id].procedures if id in known else ()
        found.append(Theme(id, title, (*procedures, *_gone(old, seen))))
    for id, theme in known.items():
        if id not in wanted:
            gone = _gone(theme.procedures, seen)
            found.append(Theme(id, theme.title, gone, retired=True))
    return tuple(found)


def _gone(procedures, seen: set[str]) -> tuple[Procedure, ...]:
    return tuple(
        replace(found, retired=True) for found in procedures if found.id not in seen
    )


def papers_to_lines(papers: tuple[NeededPaper, ...]) -> str:
    """Return papers as lines « id | title | kinds | months »."""
    return "\n".join(
        " | ".join(
            (
                paper.id,
                paper.title,
                ", ".join(paper.kinds),
                str(paper.max_age_months or ""),
            )
        ).rstrip(" |")
        for paper in papers
    )


def papers_from_lines(text: str) -> tuple[NeededPaper, ...]:
    """Return the papers of lines; raise ``BadLines``."""
    found: dict[str, NeededPaper] = {}
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        id, title, kinds, months, *rest = (
            *(part.strip() for part in line.split("|")),
            *("",) * 3,
        )
        _parts(f"{id} | {title}")
        names = tuple(re.split(r"[\s,]+", kinds)) if kinds else ()
        right = all(_KIND.fullmatch(name) for name in names)
        if any(rest) or not right or not re.fullmatch(r"([1-9]\d{0,2})?", months):
            raise BadLines("paper", line)
        if id in found:
            raise BadLines("twice", line)
        found[id] = NeededPaper(id, title, names, int(months) if months else None)
    if len(found) > MOST_PAPERS:
        raise BadLines("too_many")
    return tuple(found.values())


def with_procedure(themes: tuple[Theme, ...], changed: Procedure) -> tuple[Theme, ...]:
    """Return the themes with ``changed`` in the place of the procedure of its id."""
    return tuple(
        replace(
            theme,
            procedures=tuple(
                changed if found.id == changed.id else found
                for found in theme.procedures
            ),
        )
        for theme in themes
    )
