"""Uploads in pieces: sealed as they come in, listed only when whole and verified.

Each piece is one transaction and one blob. Between pieces, the file key and the name lie
in a box under the vault key. The last piece's transaction reads all of it back through
the age format (so what is stored does open), makes both SHA-256, signs the record, files
the metadata and drops the upload.
"""

from base64 import b64decode
from base64 import b64encode
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.agefile import seal_header
from civisdata.content.vault.agefile import sealed_size
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.categories import CATEGORIES
from civisdata.content.vault.changes import changed
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import seal_metadata
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.errors import WrongOffset
from civisdata.content.vault.kinds import HEAD
from civisdata.content.vault.kinds import kind_of
from civisdata.content.vault.names import clean_name
from civisdata.content.vault.names import title_of
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.search.texts import index_at_once
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.stored import hash_stored
from collections.abc import Collection
from dataclasses import dataclass
from persistent import Persistent
from typing import Any
from typing import BinaryIO
from ZODB.blob import Blob
import hashlib
import time


#: Uploads of one vault under way at a time.
MAX_UPLOADS = 20
#: Seconds after which an upload that nobody goes on with is dropped.
EXPIRES = 24 * 3600
PURPOSE = "upload"
_READ = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bytes: of a whole vault, and of one document."""

    quota: int
    max_document: int


class Upload(Persistent):
    """An upload under way: sizes and times in clear, the rest in a box."""

    def __init__(self, id: str, size: int, piece_size: int, now: float):
        self.id = id
        self.size = size
        self.piece_size = piece_size
        self.received = 0
        self.parts: tuple[Blob, ...] = ()
        self.box = b""
        self.touched_at = now


@dataclass(frozen=True)
class Progress:
    """``offset``: bytes received; ``document_id``: set once all of it is stored."""

    offset: int
    document_id: str | None = None


def seal_state(
    bundle: KeyBundle, space_id: str, upload: Upload, state: dict[str, Any]
) -> None:
    upload.box = BoxKey(bundle.vault_key).seal(
        state, space_id=space_id, item_id=upload.id, purpose=PURPOSE
    )


def open_state(bundle: KeyBundle, space_id: str, upload: Upload) -> dict[str, Any]:
    """Open what is known of an upload's file; IntegrityError, UnknownSuite."""
    return BoxKey(bundle.vault_key).open(
        upload.box, space_id=space_id, item_id=upload.id, purpose=PURPOSE
    )


def start_upload(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    *,
    name: str,
    size: int,
    category: str,
    limits: Limits,
    piece_size: int = PIECE,
    folder: str = "",
    categories: Collection[str] = CATEGORIES,
) -> Upload:
    """Begin an upload of ``size`` clear bytes; Refused before anything is read.

    The document will lie in ``folder``; ``categories`` are the types that it may have.
    """
    if size <= 0:
        raise Refused("empty")
    if not isinstance(category, str) or category not in categories:
        raise Refused("category")
    if size > limits.max_document:
        raise Refused("too_big")
    purge_uploads(vault)
    vault.reserve(size, limits.quota)
    if len(vault.uploads) >= MAX_UPLOADS:
        raise Refused("too_many")
    if piece_size % CHUNK:
        raise ValueError("a piece has whole chunks")
    upload = Upload(new_id(), size, piece_size, time.time())
    state = {
        "file_key": b64encode(new_file_key()).decode(),
        "nonce": b64encode(new_nonce()).decode(),
        "name": clean_name(name),
        "category": category,
        "kind": None,
        "folder": folder,
        "first_sha256": "",
    }
    seal_state(bundle, space_id, upload, state)
    vault.uploads[upload.id] = upload
    return upload


def get_upload(vault: Vault, upload_id: str) -> Upload:
    """Give an upload under way; NoSuchItem."""
    upload = vault.uploads.get(upload_id)
    if upload is None:
        raise NoSuchItem(upload_id)
    return upload


def cancel_upload(vault: Vault, upload_id: str) -> None:
    """Drop an upload under way; NoSuchItem."""
    upload = get_upload(vault, upload_id)
    upload.box = b""
    upload.parts = ()
    del vault.uploads[upload_id]


def purge_uploads(vault: Vault, now: float | None = None) -> int:
    """Drop uploads that nobody went on with for a day; give how many."""
    limit = (time.time() if now is None else now) - EXPIRES
    stale = [key for key, item in vault.uploads.items() if item.touched_at < limit]
    for upload_id in stale:
        cancel_upload(vault, upload_id)
    return len(stale)


def add_piece(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    upload_id: str,
    offset: int,
    stream: BinaryIO,
) -> Progress:
    """Seal the next piece as it is read; the last one finishes the document.

    A piece has ``piece_size`` bytes, the last one what is left. Raises NoSuchItem,
    WrongOffset, Refused; the caller then aborts its transaction.
    """
    upload = get_upload(vault, upload_id)
    if offset != upload.received:
        raise WrongOffset(upload.received)
    state = open_state(bundle, space_id, upload)
    length = min(upload.piece_size, upload.size - offset)
    final = offset + length == upload.size
    blob = Blob()
    with blob.open("w") as sealed:
        _seal_piece(upload, state, stream, sealed, length, final)
    upload.parts += (blob,)
    upload.received += length
    upload.touched_at = time.time()
    if final:
        document = _finish(vault, space_id, bundle, upload, state)
        index_at_once(vault, space_id, bundle, document)
        return Progress(upload.size, document.id)
    seal_state(bundle, space_id, upload, state)
    return Progress(upload.received)


def _seal_piece(
    upload: Upload,
    state: dict[str, Any],
    stream: BinaryIO,
    sealed: BinaryIO,
    length: int,
    final: bool,
) -> None:
    nonce = b64decode(state["nonce"])
    first = upload.received // CHUNK
    sealer = PayloadSealer(b64decode(state["file_key"]), nonce, first)
    opening = hashlib.sha256()
    if not first:
        sealed.write(nonce)
    left = length
    while left:
        data = _read_some(stream, min(_READ, left))
        if not data:
            raise Refused("short")
        if state["kind"] is None:
            state["kind"] = kind_of(state["name"], data[:HEAD])
        left -= len(data)
        if not first:
            opening.update(data)
        sealed.write(sealer.update(data))
    if stream.read(1):
        raise Refused("long")
    sealed.write(sealer.finish(final))
    if not first:
        state["first_sha256"] = opening.hexdigest()


def _read_some(stream: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes though the stream may give fewer at a time."""
    parts = []
    while size and (data := stream.read(size)):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _finish(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    upload: Upload,
    state: dict[str, Any],
) -> VaultDocument:
    file_key = b64decode(state["file_key"])
    payload_sha256, clear_sha256 = hash_stored(
        upload.parts, upload.piece_size, upload.size, file_key
    )
    public = bundle.public
    header = seal_header(file_key, [public.recipient])
    now = int(time.time())
    record = DocumentRecord(
        document_id=upload.id,
        owner_id=space_id,
        header_sha256=hashlib.sha256(header).hexdigest(),
        payload_sha256=payload_sha256,
        size=sealed_size(upload.size),
        stored_at=now,
        signer=public.signing.hex(),
    )
    document = VaultDocument(
        upload.id,
        header=header,
        parts=upload.parts,
        piece_size=upload.piece_size,
        record=record.to_dict(),
        signature=sign(record, bundle.signing_key),
    )
    metadata = Metadata(
        title=title_of(state["name"]),
        name=state["name"],
        kind=state["kind"],
        category=state["category"],
        size=upload.size,
        sha256=clear_sha256,
        stored_at=now,
        folder=state.get("folder", ""),
    )
    box = seal_metadata(bundle, space_id, upload.id, metadata)
    vault.add(document, box)
    upload.box = b""
    del vault.uploads[upload.id]
    changed(vault, space_id, bundle)
    return document


def store_stream(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    *,
    name: str,
    size: int,
    category: str,
    limits: Limits,
    stream: BinaryIO,
    folder: str = "",
    categories: Collection[str] = CATEGORIES,
) -> str:
    """Store a whole file of ``size`` bytes in the running transaction; give its id."""
    upload = start_upload(
        vault,
        space_id,
        bundle,
        name=name,
        size=size,
        category=category,
        limits=limits,
        folder=folder,
        categories=categories,
    )
    while True:
        length = min(upload.piece_size, upload.size - upload.received)
        progress = add_piece(
            vault,
            space_id,
            bundle,
            upload.id,
            upload.received,
            _Window(stream, length),
        )
        if progress.document_id:
            return progress.document_id


class _Window:
    """The next ``length`` bytes of a stream, as a stream."""

    def __init__(self, stream: BinaryIO, length: int):
        self._stream = stream
        self._left = length

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        return data
