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
from civisdata.content.vault.sealing import seal_stream
from civisdata.content.vault.sealing import Window
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
#: Documents of one vault: its lists open the boxes of all.
MAX_DOCUMENTS = 50_000


@dataclass(frozen=True)
class Limits:
    """Bytes: of a whole vault, and of one document."""

    quota: int
    max_document: int


class Upload(Persistent):
    """An upload under way: sizes and times in clear, the rest in a box."""

    def __init__(self, id: str, size: int, piece_size: int, now: float):
        if piece_size % CHUNK:
            raise ValueError("a piece has whole chunks")
        self.id = id
        self.size = size
        self.piece_size = piece_size
        self.received = 0
        self.parts: tuple[Blob, ...] = ()
        self.box = b""
        self.touched_at = now

    def drop(self) -> None:
        """Let nothing of it be opened any more."""
        self.box, self.parts = b"", ()


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
    check_file(size, category, limits, categories)
    purge_uploads(vault)
    check_room(vault, size, limits)
    if len(vault.uploads) >= MAX_UPLOADS:
        raise Refused("too_many")
    upload = Upload(new_id(), size, piece_size, time.time())
    seal_state(bundle, space_id, upload, new_state(name, category, folder))
    vault.uploads[upload.id] = upload
    return upload


def check_file(
    size: int, category: str, limits: Limits, categories: Collection[str]
) -> None:
    """Refuse what can't be a document: ``empty``, ``category``, ``too_big``."""
    if size <= 0:
        raise Refused("empty")
    if not isinstance(category, str) or category not in categories:
        raise Refused("category")
    if size > limits.max_document:
        raise Refused("too_big")


def check_room(vault: Vault, size: int, limits: Limits) -> None:
    """Refuse what the vault has no room for: ``quota``, ``too_many_documents``."""
    if vault.count >= MAX_DOCUMENTS:
        raise Refused("too_many_documents")
    vault.reserve(size, limits.quota)


def new_state(name: str, category: str, folder: str) -> dict[str, Any]:
    """Give what is known of a file that is about to come; Refused("name")."""
    return {
        "file_key": b64encode(new_file_key()).decode(),
        "nonce": b64encode(new_nonce()).decode(),
        "name": clean_name(name),
        "category": category,
        "kind": None,
        "folder": folder,
        "first_sha256": "",
    }


def get_upload(vault: Vault, upload_id: str) -> Upload:
    """Give an upload under way; NoSuchItem."""
    upload = vault.uploads.get(upload_id)
    if upload is None:
        raise NoSuchItem(upload_id)
    return upload


def cancel_upload(vault: Vault, upload_id: str) -> None:
    """Drop an upload under way; NoSuchItem."""
    get_upload(vault, upload_id).drop()
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
    if take_piece(upload, state, stream):
        document = finish(vault, space_id, bundle, upload, state)
        upload.box = b""
        del vault.uploads[upload_id]
        index_at_once(vault, space_id, bundle, document)
        return Progress(upload.size, document.id)
    seal_state(bundle, space_id, upload, state)
    return Progress(upload.received)


def left_of(upload: Upload) -> int:
    """Bytes of the piece that comes next."""
    return min(upload.piece_size, upload.size - upload.received)


def take_piece(upload: Upload, state: dict[str, Any], stream: BinaryIO) -> bool:
    """Seal the next piece of an upload as it is read; say whether it was the last.

    ``state`` is opened; whoever keeps it seals it anew. Refused, before anything of the
    upload has changed.
    """
    length = left_of(upload)
    final = upload.received + length == upload.size
    blob = Blob()
    with blob.open("w") as sealed:
        _seal_piece(upload, state, stream, sealed, length, final)
    upload.parts += (blob,)
    upload.received += length
    upload.touched_at = time.time()
    return final


def _seal_piece(
    upload: Upload,
    state: dict[str, Any],
    stream: BinaryIO,
    sealed: BinaryIO,
    length: int,
    final: bool,
) -> None:
    opening, begins = hashlib.sha256(), not upload.received

    def see(data: bytes) -> None:
        if state["kind"] is None:
            state["kind"] = kind_of(state["name"], data[:HEAD])
        if begins:
            opening.update(data)

    key, nonce = b64decode(state["file_key"]), b64decode(state["nonce"])
    seal_stream(stream, sealed, key, nonce, upload.received, length, final, see)
    if begins:
        state["first_sha256"] = opening.hexdigest()


def finish(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    upload: Upload,
    state: dict[str, Any],
) -> VaultDocument:
    """Read back all of an upload, sign it and file it; IntegrityError."""
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
    changed(vault, space_id, bundle, added=document.id)
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
    id: str = "",
) -> str:
    """Store a whole file of ``size`` bytes in the running transaction; give its id.

    ``id`` is the one that it gets, where it must have a certain one. Refused, before
    anything of the vault has changed.
    """
    check_file(size, category, limits, categories)
    check_room(vault, size, limits)
    upload = Upload(id or new_id(), size, PIECE, time.time())
    state = new_state(name, category, folder)
    while not take_piece(upload, state, Window(stream, left_of(upload))):
        pass
    document = finish(vault, space_id, bundle, upload, state)
    index_at_once(vault, space_id, bundle, document)
    return document.id
