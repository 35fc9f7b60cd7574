"""Examine one stored document without opening it."""

from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.agefile import clear_size
from civisdata.content.vault.agefile import parse_header
from civisdata.content.vault.agefile import sealed_size
from civisdata.content.vault.boxes import is_known
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import part_starts
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import verify
from civisdata.content.vault.storage import Vault
from collections.abc import Collection
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from ZODB.POSException import POSKeyError
from zodbpickle.pickle import UnpicklingError
import hashlib
import os


#: What can be wrong. ``missing``: a file or object is not there; ``unreadable``: it
#: can't be read; ``size``: a part has another size; ``payload``: its bytes have another
#: checksum; ``header``, ``record``, ``signature``, ``box``: it is damaged or not the
#: document's own; ``signer``: signed by somebody unknown; ``stray-box``: a box without
#: its document.
KINDS = (
    "missing",
    "unreadable",
    "size",
    "payload",
    "header",
    "record",
    "signature",
    "signer",
    "box",
    "stray-box",
)
_READ = 1024 * 1024
#: What damaged objects raise when they are loaded or used.
_DAMAGED = (
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
    UnpicklingError,
    ValueError,
)


@dataclass
class Found:
    """Outcome: kinds of what is wrong (none: all is well), and the bytes that were read."""

    kinds: set[str] = field(default_factory=set)
    read: int = 0


def examine(
    vault: Vault,
    space_id: str,
    document_id: str,
    owner: bytes | None,
    signers: Collection[str] = (),
) -> Found:
    """Examine a document of a vault.

    ``owner`` is the public signing key of its citizen, ``signers`` are other public
    keys (hexadecimal) that may have signed.
    """
    found = Found()
    try:
        document = vault.documents[document_id]
        document.record  # noqa: B018  (loads it from the database)
    except POSKeyError:
        return Found({"missing"})
    except _DAMAGED:
        return Found({"unreadable"})
    check(found, document, document_id, space_id, owner, signers)
    _check_box(found, vault, document, document_id)
    return found


def check(
    found: Found,
    document: VaultDocument,
    document_id: str,
    space_id: str,
    owner: bytes | None,
    signers: Collection[str] = (),
) -> None:
    """Note what is wrong with a document's record, header and payload in ``found``."""
    try:
        record = DocumentRecord.from_dict(document.record)
    except _DAMAGED:
        found.kinds.add("record")
        return
    _check_record(found, document, document_id, space_id, record, owner, signers)
    _check_header(found, document, record)
    _check_payload(found, document, record)


def stray_boxes(vault: Vault) -> Iterator[str]:
    """Give the ids of documents that only have a box."""
    for document_id, _ in vault.boxes.values():
        if document_id not in vault.documents:
            yield document_id


def _check_record(
    found: Found,
    document: VaultDocument,
    document_id: str,
    space_id: str,
    record: DocumentRecord,
    owner: bytes | None,
    signers: Collection[str],
) -> None:
    ids = (record.document_id, record.owner_id)
    if document.id != document_id or ids != (document_id, space_id):
        found.kinds.add("record")
    if (owner is None or record.signer != owner.hex()) and record.signer not in signers:
        found.kinds.add("signer")
    try:
        verify(record, document.signature, bytes.fromhex(record.signer))
    except UnknownSuite:
        found.kinds.add("record")
    except (IntegrityError, *_DAMAGED):
        found.kinds.add("signature")


def _check_header(
    found: Found, document: VaultDocument, record: DocumentRecord
) -> None:
    try:
        parsed = parse_header(document.header)
        whole = parsed.length == len(document.header)
        same = hashlib.sha256(document.header).hexdigest() == record.header_sha256
    except (IntegrityError, *_DAMAGED):
        whole = same = False
    if not whole or not same:
        found.kinds.add("header")


def _check_payload(
    found: Found, document: VaultDocument, record: DocumentRecord
) -> None:
    """Read all parts, in order: their sizes, and the checksum over all of them."""
    digest = hashlib.sha256()
    try:
        wanted = _part_sizes(len(document.parts), document.piece_size, record.size)
    except _DAMAGED:
        found.kinds.add("size")
        return
    try:
        for part, size in zip(document.parts, wanted, strict=True):
            with open_part(part) as stream:
                if os.fstat(stream.fileno()).st_size != size:
                    found.kinds.add("size")
                while data := stream.read(_READ):
                    digest.update(data)
                    found.read += len(data)
    except (POSKeyError, FileNotFoundError):
        found.kinds.add("missing")
        return
    except (ConnectionError, TimeoutError):
        raise
    except (OSError, *_DAMAGED):
        found.kinds.add("unreadable")
        return
    if digest.hexdigest() != record.payload_sha256:
        found.kinds.add("payload")


def _part_sizes(count: int, piece_size: int, size: int) -> list[int]:
    """Return the stored bytes of each part; ValueError where there are no such parts."""
    if count < 1 or sealed_size(clear_size(size)) != size:
        raise ValueError("an impossible size")
    ends = [*part_starts(count, piece_size)[1:], size]
    starts = [0, *ends[:-1]]
    sizes = [end - start for start, end in zip(starts, ends, strict=True)]
    if min(sizes) <= 0 or (count == 1 and size > sealed_size(piece_size)):
        raise ValueError("another number of parts")
    return sizes


def _check_box(
    found: Found, vault: Vault, document: VaultDocument, document_id: str
) -> None:
    try:
        owner, box = vault.boxes[document.position]
        good = owner == document_id and is_known(box)
    except _DAMAGED:
        good = False
    if not good:
        found.kinds.add("box")
