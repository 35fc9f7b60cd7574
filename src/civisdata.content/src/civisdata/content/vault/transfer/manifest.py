"""``manifest.json`` of an archive: written from an opened vault, read with suspicion."""

from civisdata.content.vault.contents import clean_title
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.contents import MAX_FOLDERS
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.filing import clean_day
from civisdata.content.vault.names import clean_name
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.paths import Layout
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import MISSING
from typing import Any
import json
import re


FORMAT = "civisdata-export-1"
#: Documents that are read in one archive.
MAX_DOCUMENTS = 100_000
#: Characters of notes, and of the JSON of an origin.
MAX_TEXT = 100_000
#: Objects and lists, and values, of a manifest: each costs far more memory than bytes.
MAX_NESTED = 1_000_000
MAX_VALUES = 5_000_000
_ID = re.compile(r"[0-9a-zA-Z_-]{1,64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{64}")
_MAX_NUMBER = 2**53
#: Where half of a pair of surrogates may be: JSON can hold it, nothing that is kept can.
_HALVES = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
#: The year 2200, in seconds: later times are no dates everywhere.
_MAX_TIME = 7_258_118_400
_TIMES = ("stored_at", "binned_at", "made_at")


@dataclass(frozen=True)
class Portal:
    """Who made an archive, as it says itself; the signature is checked against the key."""

    name: str
    url: str
    signing_key: str
    recipient: str


@dataclass(frozen=True)
class Item:
    """A document of an archive: where its bytes are, and all that was known of it."""

    id: str
    path: str
    metadata: Metadata
    record: dict[str, Any] | None = None
    signature: str = ""


@dataclass(frozen=True)
class Manifest:
    archive_id: str
    made_at: str
    portal: Portal
    citizen: str
    space_id: str
    folders: tuple[Folder, ...] = ()
    documents: tuple[Item, ...] = ()
    unreadable: tuple[str, ...] = ()
    categories: dict[str, str] = field(default_factory=dict)
    sections: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all documents."""
        return sum(item.metadata.size for item in self.documents)


def write_manifest(
    manifest: Manifest, layout: Layout, records: Mapping[str, tuple[dict, bytes]]
) -> bytes:
    """Give the bytes of ``manifest.json``.

    ``records``: the signed record of each document and its signature.
    """
    documents = []
    for item in manifest.documents:
        record, signature = records[item.id]
        documents.append(
            {
                "id": item.id,
                "path": item.path,
                **item.metadata.to_dict(),
                "record": record,
                "signature": signature.hex(),
            }
        )
    content = {
        "format": FORMAT,
        "archive_id": manifest.archive_id,
        "made_at": manifest.made_at,
        "portal": asdict(manifest.portal),
        "citizen": {
            "space_id": manifest.space_id,
            "signing_key": manifest.citizen,
        },
        "folders": [
            {**asdict(folder), "path": layout.folders[folder.id]}
            for folder in manifest.folders
        ],
        "documents": documents,
        "unreadable": list(manifest.unreadable),
        "categories": manifest.categories,
        "sections": manifest.sections,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "surrogatepass")


def read_manifest(data: bytes) -> Manifest:
    """Read ``manifest.json`` of somebody else's; ArchiveError.

    Everything is checked here: what comes out can be stored.
    """
    nested = data.count(b"{") + data.count(b"[")
    # A zero byte: UTF-16 or UTF-32, which the parser would take too.
    if nested > MAX_NESTED or data.count(b",") > MAX_VALUES or b"\0" in data:
        raise ArchiveError("manifest")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise ArchiveError("manifest") from None
    if not isinstance(content, dict) or not isinstance(content.get("format"), str):
        raise ArchiveError("manifest")
    if content["format"] != FORMAT:
        raise ArchiveError("version", ascii(content["format"][:40]))
    try:
        if _HALVES.search(data):
            json.dumps(content, ensure_ascii=False).encode()
        return _read(content)
    except (KeyError, TypeError, ValueError, Refused, AttributeError):
        raise ArchiveError("manifest") from None


def _read(content: dict[str, Any]) -> Manifest:
    citizen, documents = content["citizen"], _list(content, "documents")
    folders = tuple(_folder(row) for row in _list(content, "folders"))
    if len(documents) > MAX_DOCUMENTS or len(folders) > MAX_FOLDERS:
        raise ArchiveError("zip")
    items = tuple(_item(row) for row in documents)
    for rows in (folders, items):
        if len({row.id for row in rows}) != len(rows):
            raise ValueError("an id is there twice")
    if len({item.path for item in items}) != len(items):
        raise ValueError("a path is there twice")
    portal = Portal(
        **{
            name: _text(content["portal"], name, 500)
            for name in Portal.__dataclass_fields__
        }
    )
    categories = content.get("categories", {})
    sections = content.get("sections", {})
    if not isinstance(categories, dict) or not isinstance(sections, dict):
        raise TypeError
    return Manifest(
        archive_id=_matching(_ID, content["archive_id"]),
        made_at=_text(content, "made_at", 40),
        portal=portal,
        citizen=_matching(_KEY, citizen["signing_key"]),
        space_id=_matching(_ID, citizen["space_id"]),
        folders=folders,
        documents=items,
        unreadable=tuple(_matching(_ID, row) for row in _list(content, "unreadable")),
        categories={
            _matching(_ID, id): clean_title(title) for id, title in categories.items()
        },
        sections=sections,
    )


def _list(content: dict[str, Any], name: str) -> list:
    found = content.get(name, [])
    if not isinstance(found, list):
        raise TypeError(name)
    return found


def _text(content: dict[str, Any], name: str, longest: int) -> str:
    found = content[name]
    if not isinstance(found, str) or len(found) > longest:
        raise ValueError(name)
    return found


def _matching(pattern: re.Pattern, value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("not of this form")
    return value


def _number(value: Any, limit: int = _MAX_NUMBER) -> int:
    if type(value) is not int or not 0 <= value < limit:
        raise ValueError("not a number")
    return value


def _folder(row: dict[str, Any]) -> Folder:
    return Folder(
        id=_matching(_ID, row["id"]),
        title=clean_title(row["title"]),
        parent=_matching(_ID, row["parent"]) if row.get("parent") else TOP,
        made_at=_number(row.get("made_at", 0), _MAX_TIME),
        binned_at=_number(row.get("binned_at", 0), _MAX_TIME),
    )


def _item(row: dict[str, Any]) -> Item:
    record = row.get("record")
    if not isinstance(record, dict | None) or len(json.dumps(record)) > MAX_TEXT:
        raise TypeError("record")
    return Item(
        id=_matching(_ID, row["id"]),
        path=_text(row, "path", 10_000),
        metadata=_metadata(row),
        record=record,
        signature=_text(row, "signature", 1000) if "signature" in row else "",
    )


def _metadata(row: dict[str, Any]) -> Metadata:
    """Take over each field that this version knows, of the type that it has here."""
    values: dict[str, Any] = {}
    for name, known in Metadata.__dataclass_fields__.items():
        if name not in row:
            if known.default is MISSING:
                raise KeyError(name)
            continue
        values[name] = _value(name, known.default, row[name])
    metadata = Metadata(**{**values, "revision": 0})
    if not metadata.size:
        raise ValueError("no document is empty")
    for day in (metadata.valid_until, metadata.ends_on):
        if clean_day(day) != day:
            raise ValueError("not a day")
    if metadata.signer:
        _matching(_KEY, metadata.signer)
    _matching(_HASH, metadata.sha256)
    _matching(_ID, metadata.category)
    if metadata.folder:
        _matching(_ID, metadata.folder)
    return Metadata(
        **{
            **asdict(metadata),
            "origin": metadata.origin,
            "title": clean_title(metadata.title),
            "name": clean_name(metadata.name),
        }
    )


def _value(name: str, default: Any, value: Any) -> Any:
    """Give a field's value, if it is of the kind that the field's default shows."""
    if name == "origin":
        if not isinstance(value, dict | None) or len(json.dumps(value)) > MAX_TEXT:
            raise TypeError(name)
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise TypeError(name)
        return value
    if name in _TIMES:
        return _number(value, _MAX_TIME)
    if isinstance(default, int) or name == "size":
        return _number(value)
    if default is MISSING or isinstance(default, str):
        return _text({name: value}, name, MAX_TEXT)
    # A field of a later kind: plain JSON of a bounded length.
    if len(json.dumps(value)) > MAX_TEXT:
        raise ValueError(name)
    return tuple(value) if isinstance(default, tuple) else value


def used_types(
    contents: Contents, titles: Mapping[str, str], translate
) -> dict[str, str]:
    """Give the titles of the types that documents have; ``translate`` gives words."""
    return {
        id: translate(titles.get(id, id))
        for id in sorted({row.category for row in contents.documents.values()})
    }
