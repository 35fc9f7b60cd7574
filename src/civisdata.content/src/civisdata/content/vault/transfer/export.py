"""Everything of a vault as one ZIP that is made while it is sent.

What the request prepares (``prepare``) is small: names, keys and the ids of the blobs.
All sizes are known before the first byte is sent, so that a browser shows how long it
takes. Documents are opened one after the other, in batches of 1 MiB.

A document that doesn't open whole can't be taken out of what is announced: the rest of
it is filled with a sentence that says so, and ``controle.json``, the signed last member,
and ``CONTROLE.txt`` name it. Those that don't even begin to open are in the manifest's
``unreadable``.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.categories import CATEGORIES
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.download import open_committed
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.parts import PartsReader
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.transfer import portal_keys
from civisdata.content.vault.transfer import signatures
from civisdata.content.vault.transfer.manifest import FORMAT
from civisdata.content.vault.transfer.manifest import Item
from civisdata.content.vault.transfer.manifest import Manifest
from civisdata.content.vault.transfer.manifest import Portal
from civisdata.content.vault.transfer.manifest import used_types
from civisdata.content.vault.transfer.manifest import write_manifest
from civisdata.content.vault.transfer.paths import lay_out
from civisdata.content.vault.transfer.paths import Layout
from civisdata.content.vault.transfer.readme import closing_text
from civisdata.content.vault.transfer.readme import read_me
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from typing import Any
from zipstream import ZipStream
from ZODB.POSException import POSError
import hashlib
import json
import logging
import secrets


logger = logging.getLogger("civisdata.vault")

MANIFEST = "manifest.json"
SIGNATURES = "signatures.json"
CLOSING = "controle.json"
READ_ME = "LISEZ-MOI.txt"
REPORT = "CONTROLE.txt"
_FILLER = b"CE DOCUMENT EST ENDOMMAGE DANS LE COFFRE : SA SUITE MANQUE. "
_BATCH = 256 * 1024


@dataclass(frozen=True, repr=False)
class Source:
    """A document that can be read once the request has ended."""

    id: str
    path: str
    metadata: Metadata
    file_key: bytes
    parts: tuple[bytes, ...]
    piece_size: int
    payload_size: int


@dataclass(frozen=True)
class Chosen:
    """What of a vault goes into an archive; what didn't open is in ``unreadable``."""

    contents: Contents
    layout: Layout
    sources: tuple[Source, ...]
    records: dict[str, tuple[dict, bytes]]
    unreadable: tuple[str, ...]

    @property
    def size(self) -> int:
        return sum(source.metadata.size for source in self.sources)


def choose(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    *,
    with_bin: bool = True,
    only: Callable[[Contents], set[str]] | None = None,
) -> Chosen:
    """Open what is to go along: keys of each document, not its bytes.

    ``only``: gives the ids of the documents that are wanted, of the contents; all if
    missing.
    """
    contents = open_contents(vault, space_id, bundle)
    wanted = set(contents.documents) if only is None else only(contents)
    if not with_bin:
        contents = _without_bin(contents)
    layout = lay_out(contents)
    sources, records, unreadable = [], {}, list(contents.altered)
    for document_id, path in layout.documents.items():
        if document_id not in wanted:
            continue
        document = vault.document(document_id)
        metadata = contents.documents[document_id]
        try:
            verify_document(
                document,
                space_id,
                bytes.fromhex(metadata.signer) or bundle.public.signing,
            )
            file_key = open_header(document.header, bundle.exchange_key)
        except (IntegrityError, ValueError) as error:
            logger.error("integrity: document %s: %s", document_id, error)
            unreadable.append(document_id)
            continue
        records[document_id] = (document.record, document.signature)
        sources.append(
            Source(
                id=document_id,
                path=path,
                metadata=metadata,
                file_key=file_key,
                parts=tuple(part._p_oid for part in document.parts),
                piece_size=document.piece_size,
                payload_size=document.payload_size,
            )
        )
    return Chosen(contents, layout, tuple(sources), records, tuple(unreadable))


def _without_bin(contents: Contents) -> Contents:
    return Contents(
        {
            id: row
            for id, row in contents.documents.items()
            if not contents.is_binned(row)
        },
        {
            id: row
            for id, row in contents.folders.items()
            if not contents.is_binned(row)
        },
        contents.altered,
    )


class Sender:
    """Sends the documents of ``sources``; ``altered`` grows with those that don't open.

    ``found_altered`` is called with the id of each.
    """

    def __init__(
        self,
        database,
        sources: tuple[Source, ...],
        found_altered: Callable[[str], object],
    ):
        self._database = database
        self._found_altered = found_altered
        self.sources = sources
        self.altered: set[str] = set()

    def send(self, source: Source) -> Iterator[bytes]:
        """Give as many bytes as the document has, whatever becomes of it."""
        sent, digest = 0, hashlib.sha256()
        try:
            for data in self._open(source):
                digest.update(data)
                sent += len(data)
                yield data
            if digest.hexdigest() != source.metadata.sha256:
                raise IntegrityError("another document than was stored")
        except (IntegrityError, POSError, OSError) as error:
            logger.error("integrity: export of document %s: %s", source.id, error)
            self.altered.add(source.id)
            self._found_altered(source.id)
        yield from _fill(source.metadata.size - sent)

    def _open(self, source: Source) -> Iterator[bytes]:
        parts = PartsReader(source.parts, source.piece_size, self._open_part)
        try:
            payload = PayloadReader(source.file_key, source.payload_size, parts.read_at)
            if payload.clear_size != source.metadata.size:
                raise IntegrityError("a payload of another size")
            yield from payload.read()
        finally:
            parts.close()

    def _open_part(self, oid):
        return open_committed(self._database, oid)


def _fill(size: int) -> Iterator[bytes]:
    batch = _FILLER * (_BATCH // len(_FILLER))
    while size > 0:
        yield batch[:size]
        size -= len(batch)


def _ignored(document_id: str) -> None:
    """Tell nobody: the archive says it."""


@dataclass(frozen=True)
class Prepared:
    """A ZIP that can be sent once: its bytes, and how many there will be."""

    size: int
    chunks: Iterator[bytes]
    archive_id: str = ""


def prepare(
    chosen: Chosen,
    database,
    bundle: KeyBundle,
    *,
    space_id: str,
    portal: dict[str, str],
    sections: dict[str, Any],
    translate: Callable[[Any], str],
    types: Mapping[str, str] = CATEGORIES,
    found_altered: Callable[[str], object] = _ignored,
    now: datetime | None = None,
) -> Prepared:
    """Prepare the whole archive of a space. ``portal`` has ``name`` and ``url``,
    ``types`` the titles of types of documents.

    ``found_altered`` is called with the id of a document that doesn't open whole, once
    the request has ended.
    """
    now = (now or datetime.now(UTC)).astimezone(UTC)
    key = portal_keys.signing_key()
    manifest = Manifest(
        archive_id=secrets.token_hex(16),
        made_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        portal=Portal(
            name=portal["name"],
            url=portal["url"],
            signing_key=signatures.public_of(key),
            recipient=portal_keys.recipient(),
        ),
        citizen=bundle.public.signing.hex(),
        space_id=space_id,
        # Each after the one it lies in.
        folders=tuple(chosen.contents.folders[id] for id in chosen.layout.folders),
        documents=tuple(
            Item(source.id, source.path, source.metadata) for source in chosen.sources
        ),
        unreadable=chosen.unreadable,
        categories=used_types(chosen.contents, types, translate),
        sections=sections,
    )
    data = write_manifest(manifest, chosen.layout, chosen.records)
    signed = {
        "format": FORMAT,
        "citizen": signatures.sign(signatures.MANIFEST, data, bundle.signing_key),
        "portal": signatures.sign(signatures.MANIFEST, data, key),
    }
    archive = ZipStream(sized=True)
    archive.add(read_me(manifest), READ_ME)
    archive.add(data, MANIFEST)
    archive.add(json.dumps(signed, indent=1).encode(), SIGNATURES)
    used = {path.rpartition("/")[0] for path in chosen.layout.documents.values()}
    for path in sorted(chosen.layout.folders.values()):
        if path not in used:
            archive.mkdir(path)
    sender = _add_documents(archive, chosen, database, found_altered)
    closing = _Closing(sender, signatures.digest(data), key)
    archive.add(closing.chunks(), CLOSING, size=closing.size)
    return Prepared(len(archive), _batched(archive), manifest.archive_id)


def prepare_selection(
    chosen: Chosen, database, found_altered: Callable[[str], object] = _ignored
) -> Prepared:
    """Prepare a ZIP of some documents, and of nothing else that is known of them."""
    archive = ZipStream(sized=True)
    _add_documents(archive, chosen, database, found_altered)
    return Prepared(len(archive), _batched(archive))


def _add_documents(
    archive: ZipStream,
    chosen: Chosen,
    database,
    found_altered: Callable[[str], object],
) -> Sender:
    sender = Sender(database, chosen.sources, found_altered)
    for source in chosen.sources:
        archive.add(sender.send(source), source.path, size=source.metadata.size)
    paths = [(source.id, source.path) for source in chosen.sources]
    size = len(closing_text(paths, set(), len(chosen.unreadable)))

    def report() -> Iterator[bytes]:
        yield closing_text(paths, sender.altered, len(chosen.unreadable))

    archive.add(report(), REPORT, size=size)
    return sender


class _Closing:
    """The last member: which documents didn't open, signed, of a size known before."""

    def __init__(self, sender: Sender, manifest_sha256: str, key: bytes):
        self._sender = sender
        self._manifest_sha256 = manifest_sha256
        self._key = key
        self.size = len(self._write({source.id for source in sender.sources}))

    def _write(self, altered: set[str]) -> bytes:
        statement = json.dumps(
            {"manifest_sha256": self._manifest_sha256, "altered": sorted(altered)}
        )
        signature = signatures.sign(signatures.CLOSING, statement.encode(), self._key)
        content = {"format": FORMAT, "statement": statement, "signature": signature}
        return json.dumps(content).encode()

    def chunks(self) -> Iterator[bytes]:
        data = self._write(self._sender.altered)
        yield data + b" " * (self.size - len(data))


def _batched(chunks) -> Iterator[bytes]:
    """Join small chunks: a server handles each one it is given."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= _BATCH:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
