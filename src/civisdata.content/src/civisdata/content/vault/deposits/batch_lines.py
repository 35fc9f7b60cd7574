"""The table of a batch: a CSV file, as office programs write it."""

from dataclasses import dataclass
import csv
import io
import unicodedata


#: Bytes of a table, and its lines.
MAX_TABLE = 4 * 1024 * 1024
MAX_LINES = 5000

SEPARATORS = (";", ",", "\t")

#: What a column may be called → what it is.
COLUMNS = {
    "destinataire": "recipient",
    "identifiant": "recipient",
    "recipient": "recipient",
    "fichier": "file",
    "file": "file",
    "titre": "title",
    "title": "title",
    "categorie": "category",
    "category": "category",
    "message": "message",
}
REQUIRED = frozenset({"recipient", "file"})

#: What a category may be called, beside its id → its id.
CATEGORY_NAMES = {
    "": "administrative",
    "administratif": "administrative",
    "local": "local",
    "national": "national",
    "professionnel": "work",
    "universitaire": "studies",
    "facture": "bills",
    "autre": "other",
}


class BadTable(ValueError):
    """The table can't be read.

    ``reason``: ``empty``, ``big``, ``encoding``, ``columns``, ``quotes``, ``lines``.
    """

    def __init__(self, reason: str, line: int = 0):
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Row:
    """One line: its number in the file (the header is 1), and what it says."""

    number: int
    recipient: str
    file: str
    title: str = ""
    category: str = "administrative"
    message: str = ""


def decode(data: bytes) -> str:
    """Read UTF-8 (with or without its mark) or Windows-1252; BadTable."""
    if len(data) > MAX_TABLE:
        raise BadTable("big")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise BadTable("encoding")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable("encoding")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.strip().lower())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _columns(header: list[str]) -> list[str]:
    return [COLUMNS.get(_plain(name), "") for name in header]


def _separator(text: str) -> str:
    """Give the separator with which the first line names the columns; BadTable."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    for separator in SEPARATORS:
        try:
            columns = _columns(next(csv.reader([first], delimiter=separator)))
        except csv.Error:
            continue
        named = [name for name in columns if name]
        if set(named) >= REQUIRED and len(named) == len(set(named)):
            return separator
    raise BadTable("columns")


def read_table(data: bytes) -> list[Row]:
    """Read a table; BadTable. Lines with nothing in them are left out."""
    text = decode(data)
    if not text.strip():
        raise BadTable("empty")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_separator(text), strict=True
    )
    rows: list[Row] = []
    columns: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
                continue
            rows.append(_row(reader.line_num, columns, cells))
            if len(rows) > MAX_LINES:
                raise BadTable("lines")
    except csv.Error:
        raise BadTable("quotes", reader.line_num) from None
    if not rows:
        raise BadTable("empty")
    return rows


def _row(number: int, columns: list[str], cells: list[str]) -> Row:
    values = {
        name: cell.strip()
        for name, cell in zip(columns, cells, strict=False)
        if name and cell.strip()
    }
    category = values.pop("category", "")
    # What is no category's name is kept, and refused with its line.
    category = CATEGORY_NAMES.get(_plain(category).removesuffix("s"), category)
    return Row(
        number,
        values.pop("recipient", ""),
        values.pop("file", ""),
        category=category,
        **values,
    )
