"""Documents of an opened vault: list, open, delete."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.boxes import read_json
from civisdata.content.vault.changes import changed
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import OpenPart
from civisdata.content.vault.parts import PartsReader
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import verify
from civisdata.content.vault.storage import Vault
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import MISSING
from dataclasses import replace
from itertools import islice
from typing import Any
from typing import NamedTuple
from typing import Self
import hashlib


PURPOSE = "document"


@dataclass(frozen=True)
class Metadata:
    """What a citizen sees of a document; stored only in a sealed box.

    ``size`` and ``sha256`` (hexadecimal) are of the clear text; times are seconds since
    1970 UTC, days are ISO dates, empty where there is none. Boxes sealed by an earlier
    version lack the later fields: they have their defaults.
    """

    title: str
    name: str
    kind: str
    category: str
    size: int
    sha256: str
    stored_at: int
    #: Id of the folder it lies in; empty at the top.
    folder: str = ""
    notes: str = ""
    favourite: bool = False
    #: Kind of paper (passport…), which knows how long it is valid.
    paper: str = ""
    #: The paper's own last day.
    valid_until: str = ""
    #: The day after which a temporary document is erased.
    ends_on: str = ""
    #: When it was put into the bin; 0 where it isn't.
    binned_at: int = 0
    #: Ed25519 public key (hexadecimal) of who signed the record; empty: the citizen.
    signer: str = ""
    #: Where it came from, if not from the citizen; plain JSON values.
    origin: dict[str, Any] | None = None
    #: Counts changes, so that one that was overtaken by another is noticed.
    revision: int = 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read ``to_dict``, also of an earlier version; KeyError where it is another's."""
        if not data.keys() >= _REQUIRED:
            raise KeyError(*_REQUIRED - data.keys())
        if not data.keys() <= _KNOWN:
            data = {name: data[name] for name in _KNOWN if name in data}
        # What __init__ of a frozen class does, in a tenth of its time: a list reads all
        # documents. The defaults of what isn't there are the class's own attributes.
        made = object.__new__(cls)
        made.__dict__.update(data)
        return made


_KNOWN = frozenset(Metadata.__dataclass_fields__)
_REQUIRED = frozenset(
    name
    for name, field in Metadata.__dataclass_fields__.items()
    if field.default is MISSING
)


class Entry(NamedTuple):
    """A line of a list; ``metadata`` is None where its box was tampered with."""

    id: str
    metadata: Metadata | None


def seal_metadata(
    bundle: KeyBundle, space_id: str, document_id: str, metadata: Metadata
) -> bytes:
    return BoxKey(bundle.vault_key).seal(
        metadata.to_dict(), space_id=space_id, item_id=document_id, purpose=PURPOSE
    )


def _open_box(key: BoxKey, space_id: str, document_id: str, box: bytes) -> Metadata:
    content = key.open(box, space_id=space_id, item_id=document_id, purpose=PURPOSE)
    return Metadata.from_dict(content)


def list_documents(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    start: int = 0,
    count: int | None = 50,
) -> Iterator[Entry]:
    """Give ``count`` documents (None: all), newest first; only their boxes are opened."""
    opened = BoxKey(bundle.vault_key).opener(space_id=space_id, purpose=PURPOSE)
    read = Metadata.from_dict
    for document_id, box in islice(
        vault.newest(), start, None if count is None else start + count
    ):
        try:
            metadata = read(read_json(opened(box, document_id)))
        except NOT_READABLE:
            metadata = None
        yield Entry(document_id, metadata)


def metadata_of(
    vault: Vault, space_id: str, document: VaultDocument, bundle: KeyBundle
) -> Metadata:
    """Open one metadata box; IntegrityError."""
    key = BoxKey(bundle.vault_key)
    return _open_box(key, space_id, document.id, vault.box(document))


def update_metadata(
    vault: Vault,
    space_id: str,
    document: VaultDocument,
    bundle: KeyBundle,
    **changes: Any,
) -> Metadata:
    """Seal a document's metadata anew with ``changes``; IntegrityError."""
    metadata = metadata_of(vault, space_id, document, bundle)
    metadata = replace(metadata, revision=metadata.revision + 1, **changes)
    vault.set_box(document, seal_metadata(bundle, space_id, document.id, metadata))
    changed(vault, space_id, bundle)
    return metadata


class OpenedDocument(AbstractContextManager):
    """A document whose signature and header were verified; each chunk is at its read."""

    def __init__(self, metadata: Metadata, payload: PayloadReader, parts: PartsReader):
        self.metadata = metadata
        self._payload = payload
        self._parts = parts

    @property
    def size(self) -> int:
        return self.metadata.size

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Give ``clear[start:stop]`` in batches of at most 1 MiB; IntegrityError."""
        return self._payload.read(start, stop)

    def bytes(self, start: int = 0, stop: int | None = None) -> bytes:
        return b"".join(self.read(start, stop))

    def close(self) -> None:
        self._parts.close()

    def __exit__(self, *exception) -> None:
        self.close()


def verify_document(document: VaultDocument, owner_id: str, signer: bytes) -> None:
    """Verify record and header without opening anything; IntegrityError."""
    record = DocumentRecord.from_dict(document.record)
    verify(record, document.signature, signer)
    if (record.document_id, record.owner_id) != (document.id, owner_id):
        raise IntegrityError("a record of another document")
    if hashlib.sha256(document.header).hexdigest() != record.header_sha256:
        raise IntegrityError("a header that isn't the signed one")


def open_document(
    vault: Vault,
    space_id: str,
    document: VaultDocument,
    bundle: KeyBundle,
    opener: OpenPart = open_part,
) -> OpenedDocument:
    """Open a document for reading; IntegrityError where anything was altered."""
    metadata = metadata_of(vault, space_id, document, bundle)
    signer = bytes.fromhex(metadata.signer) or bundle.public.signing
    verify_document(document, space_id, signer)
    file_key = open_header(document.header, bundle.exchange_key)
    parts = PartsReader(document.parts, document.piece_size, opener)
    try:
        payload = PayloadReader(file_key, document.payload_size, parts.read_at)
        if payload.clear_size != metadata.size:
            raise IntegrityError("a payload of another size")
    except BaseException:
        parts.close()
        raise
    return OpenedDocument(metadata, payload, parts)


def delete_document(vault: Vault, document_id: str) -> None:
    """Erase a document, also one that doesn't open any more; NoSuchItem."""
    vault.remove(document_id)
