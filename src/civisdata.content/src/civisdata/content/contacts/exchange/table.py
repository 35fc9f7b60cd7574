"""Contacts as a CSV file that French spreadsheets open, and back. Plain values only.

Written: UTF-8 with BOM, semicolons, French headers; a cell that a spreadsheet would take
for a formula begins with an apostrophe, which reading takes away again. Read: UTF-8 with or
without BOM or Windows-1252; semicolons, commas or tabs.
"""

from civisdata.content.territory.directory import plain
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
import csv
import io
import re


MAX_BYTES = 512 * 1024
MAX_LINES = 2_000

#: Name of a value → header of its column, in the order of the file.
COLUMNS = {
    "id": "Identifiant",
    "publisher": "Éditeur",
    "kind": "Nature",
    "scope": "Portée",
    "title": "Nom",
    "role": "Fonction",
    "service": "Service",
    "procedures": "Démarches",
    "phone": "Téléphone",
    "email": "Courriel",
    "website": "Site web",
    "address": "Adresse",
    "hours": "Horaires",
    "note": "Remarque",
    "example": "Exemple",
    "state": "État",
}

#: Other headers that mean the same.
_ALSO = {
    "id": "id",
    "mail": "email",
    "e mail": "email",
    "adresse electronique": "email",
    "tel": "phone",
    "site": "website",
    "site internet": "website",
    "horaires d ouverture": "hours",
    "commune": "publisher",
    "publieur": "publisher",
    "demarche": "procedures",
}

_NAMES = {plain(header): name for name, header in COLUMNS.items()} | _ALSO

_FORMULA = tuple("=+-@\t\r＝＋－＠")


class TableError(ValueError):
    """A file that can't be read at all; ``what`` says where it matters.

    ``reason``: ``empty``, ``size``, ``lines``, ``encoding``, ``form``, ``headers``,
    ``unknown``, ``twice``.
    """

    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.what = what


@dataclass(frozen=True)
class Row:
    """One line: its number in the spreadsheet, and the values that its cells give."""

    number: int
    values: Mapping[str, str]


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unguarded(text: str) -> str:
    """Return what ``guarded`` was given."""
    return (
        text[1:] if text[:1] == "'" and text[1:].startswith((*_FORMULA, "'")) else text
    )


def write(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return the file for rows of text by name of column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for row in rows:
        writer.writerow(guarded(row.get(name, "")) for name in COLUMNS)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise TableError("size")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise TableError("encoding") from error
    if "\x00" in text:
        raise TableError("encoding")
    return text


def _names_of(headers: list[str]) -> list[str]:
    """Return the names of the columns; empty for a column without a header."""
    names = []
    for header in headers:
        key = plain(header)
        if key and key not in _NAMES:
            raise TableError("unknown", header.strip()[:60])
        names.append(_NAMES.get(key, ""))
    for name in names:
        if name and names.count(name) > 1:
            raise TableError("twice", COLUMNS[name])
    if "title" not in names:
        raise TableError("headers", COLUMNS["title"])
    return names


def _separator(text: str) -> str:
    """Return the separator by which most headers are known."""
    first = re.split(r"[\r\n]", text.lstrip("\ufeff\r\n"), maxsplit=1)[0]

    def known(sign: str) -> int:
        cells = next(csv.reader([first], delimiter=sign), [])
        return sum(plain(cell) in _NAMES for cell in cells)

    return max(";,\t", key=known)


def read(data: bytes) -> list[Row]:
    """Return the lines of a file that aren't empty; raise ``TableError``."""
    text = _decoded(data)
    if not text.strip():
        raise TableError("empty")
    try:
        return _rows(text)
    except csv.Error as error:
        raise TableError("form") from error


def _rows(text: str) -> list[Row]:
    source = io.StringIO(text.lstrip("\ufeff"), newline="")
    reader = csv.reader(source, delimiter=_separator(text), strict=True)
    names: list[str] = []
    rows = []
    for number, cells in enumerate(reader, 1):
        cells = [_clean(unguarded(_clean(cell))) for cell in cells]
        if not any(cells):
            continue
        if not names:
            names = _names_of(cells)
            continue
        if len(cells) > len(names) and any(cells[len(names) :]):
            raise TableError("form", str(number))
        if len(rows) == MAX_LINES:
            raise TableError("lines")
        pairs = zip(names, cells + [""] * len(names), strict=False)
        rows.append(Row(number, {name: cell for name, cell in pairs if name}))
    if not rows:
        raise TableError("empty")
    return rows


def _clean(cell: str) -> str:
    lines = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.strip() for line in lines).strip()
