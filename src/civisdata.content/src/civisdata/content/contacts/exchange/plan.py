"""What an import would do, line by line: nothing is changed here.

A contact is known by its publisher and its identifier (the last part of its address).
A line without an identifier gets the one that its name makes, so the same file imported
again changes the same contacts and adds none twice.
"""

from civisdata.content import _
from civisdata.content.contacts.exchange.table import Row
from civisdata.content.contacts.interfaces import IContact
from civisdata.content.contacts.interfaces import LOCAL
from civisdata.content.contacts.interfaces import NATIONAL
from civisdata.content.contacts.interfaces import PERSON
from civisdata.content.contacts.interfaces import SERVICE
from civisdata.content.territory.directory import plain
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Protocol
from zope.i18nmessageid import Message
from zope.schema import ValidationError
from zope.schema.interfaces import TooLong
import re


ADDED, CHANGED, UNCHANGED, WRONG = "added", "changed", "unchanged", "wrong"

#: Words of cells, without accents and case, and what they mean.
WORDS: dict[str, dict[str, object]] = {
    "kind": {"service": SERVICE, "personne": PERSON},
    "scope": {
        "locale": LOCAL,
        "local": LOCAL,
        "nationale": NATIONAL,
        "national": NATIONAL,
    },
    "example": {"oui": True, "non": False, "1": True, "0": False, "x": True},
}

#: And back.
WRITTEN = {
    SERVICE: "service",
    PERSON: "personne",
    LOCAL: "locale",
    NATIONAL: "nationale",
    True: "oui",
    False: "non",
}

_TEXTS = (
    *("title", "role", "service", "phone", "email", "website"),
    *("address", "hours", "note"),
)
#: What a new contact has where its line says nothing.
DEFAULTS: dict[str, object] = {
    **dict.fromkeys(_TEXTS, ""),
    "kind": SERVICE,
    "scope": LOCAL,
    "procedures": (),
    "example": False,
}

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")

#: What ``Shelves.values`` answers for an identifier that something else has.
TAKEN = object()


class Shelves(Protocol):
    """Where contacts are, as the plan needs to know it."""

    #: Publishers whose contacts may be changed: id and plain name → id.
    publishers: Mapping[str, str]
    #: Publishers for which national contacts may be kept.
    national: frozenset[str]
    #: Ids of procedures.
    procedures: frozenset[str]

    def values(self, publisher: str, id: str) -> object:
        """Return the values of a contact, None for none, TAKEN."""


@dataclass
class Line:
    """What becomes of one line; ``changes`` are values by name of field."""

    number: int
    title: str
    status: str = UNCHANGED
    publisher: str = ""
    id: str = ""
    changes: dict[str, object] = field(default_factory=dict)
    reasons: list[tuple[str, Message]] = field(default_factory=list)

    def refuse(self, name: str, reason: Message) -> None:
        self.status = WRONG
        self.reasons.append((name, reason))


def plan(rows: list[Row], shelves: Shelves, default: str = "") -> list[Line]:
    """Return what each row would do; ``default`` is the publisher of rows without one."""
    seen: dict[tuple[str, str], int] = {}
    return [_line(row, shelves, default, seen) for row in rows]


def _line(row: Row, shelves: Shelves, default: str, seen: dict) -> Line:
    line = Line(row.number, row.values.get("title", ""))
    _place(line, row, shelves, default)
    given = _given(line, row, shelves)
    if line.status == WRONG:
        return line
    key = line.publisher, line.id
    if key in seen:
        reason = _("Line ${number} is about the same contact.")
        line.refuse("id", Message(reason, mapping={"number": seen[key]}))
        return line
    seen[key] = row.number
    stored = shelves.values(*key)
    if stored is TAKEN:
        line.refuse("id", _("This identifier is taken by something else."))
        return line
    before = DEFAULTS if stored is None else stored
    line.changes = {
        name: value for name, value in given.items() if value != before[name]
    }
    if stored is None:
        line.status = ADDED
    elif line.changes:
        line.status = CHANGED
    _national(line, shelves, before)
    return line


def _place(line: Line, row: Row, shelves: Shelves, default: str) -> None:
    """Find out whose contact it is, and its identifier."""
    asked = row.values.get("publisher", "")
    found = shelves.publishers.get(plain(asked) if asked else plain(default))
    if found is None:
        line.refuse(
            "publisher",
            _("This is not a publisher whose contacts you manage.")
            if asked or default
            else _("Say whose contact it is: « cub », or the name of a commune."),
        )
    line.publisher = found or ""
    line.id = row.values.get("id", "") or id_of(line.title)
    if not _ID.fullmatch(line.id):
        line.refuse(
            "id",
            _("An identifier has small letters, digits and hyphens, 80 at most."),
        )


def id_of(title: str) -> str:
    """Return the identifier that a name makes; empty where it has no letter."""
    return plain(title).replace(" ", "-")[:80].strip("-")


def _given(line: Line, row: Row, shelves: Shelves) -> dict[str, object]:
    """Return the values that the cells give, and note what is wrong with them."""
    given: dict[str, object] = {}
    for name in _TEXTS:
        if name in row.values:
            given[name] = _text(line, name, row.values[name])
    for name, words in WORDS.items():
        if name not in row.values:
            continue
        word = plain(row.values[name])
        if not word:
            given[name] = DEFAULTS[name]
        elif word in words:
            given[name] = words[word]
        else:
            choice = ", ".join(dict.fromkeys(WRITTEN[one] for one in words.values()))
            reason = _("One of these words is needed: ${words}.")
            line.refuse(name, Message(reason, mapping={"words": choice}))
    if "procedures" in row.values:
        given["procedures"] = _procedures(line, row.values["procedures"], shelves)
    if not line.title:
        line.refuse("title", _("The name is missing."))
    return given


def _text(line: Line, name: str, text: str) -> str:
    if not text:
        return ""
    try:
        IContact[name].validate(text)
    except TooLong:
        line.refuse(name, _("This text is too long."))
    except ValidationError as error:
        said = error.doc() if hasattr(error, "reason") else None
        line.refuse(name, said or _("This text can't be taken."))
    return text


def _procedures(line: Line, text: str, shelves: Shelves) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(re.split(r"[\s,|]+", text))) if text else ()
    unknown = [id for id in ids if id not in shelves.procedures]
    if unknown:
        reason = _("No procedure has this identifier: ${id}.")
        line.refuse("procedures", Message(reason, mapping={"id": unknown[0][:60]}))
    return ids


def _national(line: Line, shelves: Shelves, before: Mapping) -> None:
    """Leave to those who may do so what everybody in the territory finds."""
    after = line.changes.get("scope", before["scope"])
    if (
        line.status in (ADDED, CHANGED)
        and "scope" in line.changes
        and NATIONAL in (after, before["scope"])
        and line.publisher not in shelves.national
    ):
        line.refuse("scope", _("Only the CUB's webmasters keep national contacts."))


def count(lines: list[Line]) -> dict[str, int]:
    """Return how many lines there are of each status."""
    return {
        status: sum(line.status == status for line in lines)
        for status in (ADDED, CHANGED, UNCHANGED, WRONG)
    }
