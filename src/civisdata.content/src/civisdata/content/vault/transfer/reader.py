"""Reads an archive that somebody made: an age file or a ZIP, believed in nothing.

The ZIP's directory is looked at before Python's reader is let at it: members are stored
(not compressed), not encrypted, few enough, and together no larger than the file. They
are never unpacked to a disk, so their names can lead nowhere.
"""

from civisdata.content.citizens.keys import TooBusy
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.ageheader import MAX_HEADER
from civisdata.content.vault.ageheader import open_header
from civisdata.content.vault.ageheader import parse_header
from civisdata.content.vault.ageheader import VERSION_LINE
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NotARecipient
from civisdata.content.vault.transfer import signatures
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.export import CLOSING
from civisdata.content.vault.transfer.export import MANIFEST
from civisdata.content.vault.transfer.export import SIGNATURES
from civisdata.content.vault.transfer.intake import SealedFile
from civisdata.content.vault.transfer.manifest import Item
from civisdata.content.vault.transfer.manifest import Manifest
from civisdata.content.vault.transfer.manifest import MAX_DOCUMENTS
from civisdata.content.vault.transfer.manifest import read_manifest
from civisdata.content.vault.transfer.passphrase import open_with_passphrase
from civisdata.content.vault.transfer.passphrase import SCRYPT
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
import io
import json
import struct
import threading
import zipfile


#: What a file is, by its first bytes.
ZIP = "zip"
PASSPHRASE = "passphrase"  # noqa: S105
RECIPIENT = "recipient"

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
#: Documents, folders and what is beside them; bytes of the directory, of the manifest.
MAX_MEMBERS = MAX_DOCUMENTS + 5000
MAX_DIRECTORY = 64 * 1024 * 1024
MAX_MANIFEST = 128 * 1024 * 1024
_MAX_SMALL = 8 * 1024 * 1024
#: How each entry of the directory begins.
_ENTRY = b"PK\x01\x02"
#: What Python's reader raises where the bytes aren't what the directory says.
_NOT_A_MEMBER = (zipfile.BadZipFile, struct.error, ValueError, RuntimeError)
_BATCH = 1024 * 1024
#: A manifest takes up to ten times its bytes while it is read: one at a time in a process.
WAIT = 20.0
_turn = threading.BoundedSemaphore(1)


def kind_of(file: SealedFile) -> str:
    """Say whether it is a ZIP, or an age file to a passphrase or a key; ArchiveError."""
    head = file.read_at(0, len(VERSION_LINE))
    if head.startswith(b"PK"):
        return ZIP
    if head != VERSION_LINE:
        raise ArchiveError("archive")
    try:
        header = parse_header(file.read_at(0, MAX_HEADER))
    except IntegrityError:
        raise ArchiveError("header") from None
    kinds = {stanza.arguments[0] for stanza in header.stanzas}
    return PASSPHRASE if SCRYPT in kinds else RECIPIENT


def file_key_of(
    file: SealedFile, *, passphrase: str = "", identities: Sequence[str] = ()
) -> bytes:
    """Open the header of an age file with the passphrase, or one of the identities.

    ArchiveError (``header``, ``work``, ``key``), WrongPassphrase, TooBusy.
    """
    try:
        header = _header(file)
        if not identities:
            return open_with_passphrase(header, passphrase)
        for identity in identities:
            with suppress(NotARecipient):
                return open_header(header, identity)
        raise ArchiveError("key")
    except IntegrityError:
        raise ArchiveError("header") from None


def _header(file: SealedFile) -> bytes:
    head = file.read_at(0, MAX_HEADER)
    return head[: parse_header(head).length]


def clear_file(file: SealedFile, file_key: bytes) -> SealedFile:
    """Give what is sealed in an age file, as a file; ArchiveError (``cut``)."""
    start = len(_header(file))
    size = file.size - start
    try:
        payload = PayloadReader(
            file_key, size, lambda offset, length: file.read_at(start + offset, length)
        )
        return SealedFile(payload, file.close)
    except IntegrityError:
        # The last chunk says that it is the last one: the file ends too early.
        raise ArchiveError("cut") from None


@dataclass(frozen=True)
class Archive:
    """An archive whose directory, manifest and signatures were checked."""

    manifest: Manifest
    altered: frozenset[str]
    _zip: zipfile.ZipFile
    _members: dict[str, zipfile.ZipInfo]

    @property
    def documents(self) -> list[Item]:
        """The documents that were whole when the archive was made."""
        return [item for item in self.manifest.documents if item.id not in self.altered]

    def read(self, item: Item) -> Iterator[bytes]:
        """Give a document's bytes; ArchiveError (``altered``, ``cut``)."""
        try:
            with self._zip.open(self._members[item.path]) as member:
                while data := member.read(_BATCH):
                    yield data
        except IntegrityError:
            raise ArchiveError("altered", item.metadata.title) from None
        except _NOT_A_MEMBER:
            raise ArchiveError("hash", item.metadata.title) from None
        except (EOFError, OSError):
            raise ArchiveError("cut", item.metadata.title) from None


@contextmanager
def opened_archive(file: SealedFile) -> Iterator[Archive]:
    """Open the ZIP in ``file``, and check all but the documents' bytes.

    ArchiveError; TooBusy where others are being read.
    """
    if not _turn.acquire(timeout=WAIT):
        raise TooBusy("another archive is being read")
    try:
        _check_directory(file)
        opened = zipfile.ZipFile(io.BufferedReader(file, 128 * 1024))
        archive = _archive(opened, file.size)
    except IntegrityError:
        raise ArchiveError("altered") from None
    except (zipfile.BadZipFile, struct.error, ValueError, RuntimeError, OSError):
        raise ArchiveError("zip") from None
    finally:
        _turn.release()
    try:
        yield archive
    finally:
        opened.close()


def _check_directory(file: SealedFile) -> None:
    """Look at the end of the ZIP before its directory is read into memory."""
    tail = file.read_at(max(0, file.size - _END.size), _END.size)
    if len(tail) < _END.size:
        raise ArchiveError("archive")
    mark, _disk, _other, _here, count, size, start, comment = _END.unpack(tail)
    if mark != b"PK\x05\x06" or comment:
        raise ArchiveError("cut")
    end = file.size - _END.size
    place = end - _LOCATOR.size
    locator = file.read_at(place, _LOCATOR.size) if place > 0 else b""
    if locator[:4] == b"PK\x06\x07":
        found = file.read_at(place - _END64.size, _END64.size)
        row = _END64.unpack(found)
        if row[0] != b"PK\x06\x06":
            raise ArchiveError("zip")
        count, size, start = row[7], row[8], row[9]
        end = place - _END64.size
    if count > MAX_MEMBERS or size > MAX_DIRECTORY or start + size > file.size:
        raise ArchiveError("zip")
    # Python's reader believes the size, not the count, and keeps an object for each entry.
    if file.read_at(max(0, end - size), size).count(_ENTRY) > MAX_MEMBERS:
        raise ArchiveError("zip")


def _archive(opened: zipfile.ZipFile, size: int) -> Archive:
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in opened.infolist():
        stored = info.compress_type == zipfile.ZIP_STORED
        if not stored or info.flag_bits & 1 or info.file_size != info.compress_size:
            raise ArchiveError("zip")
        if info.filename in members:
            raise ArchiveError("zip")
        total += info.file_size
        members[info.filename] = info
    if len(members) > MAX_MEMBERS or total > size:
        raise ArchiveError("zip")
    data = _small(opened, members, MANIFEST, MAX_MANIFEST)
    manifest = read_manifest(data)
    _check_signatures(manifest, data, _small(opened, members, SIGNATURES, _MAX_SMALL))
    closing = _small(opened, members, CLOSING, _MAX_SMALL)
    altered = _check_closing(manifest, data, closing)
    for item in manifest.documents:
        info = members.get(item.path)
        if info is None:
            raise ArchiveError("member", item.metadata.title)
        if info.file_size != item.metadata.size:
            raise ArchiveError("size", item.metadata.title)
    return Archive(manifest, altered, opened, members)


def _small(opened, members, name: str, longest: int) -> bytes:
    info = members.get(name)
    if info is None:
        # A ZIP of somebody's papers, not an archive of this format.
        raise ArchiveError("cut" if MANIFEST in members else "archive", name)
    if info.file_size > longest:
        raise ArchiveError("zip")
    return opened.read(info)


def _json(data: bytes, reason: str) -> dict:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise ArchiveError(reason) from None
    if not isinstance(content, dict):
        raise ArchiveError(reason)
    return content


def _check_signatures(manifest: Manifest, data: bytes, signed: bytes) -> None:
    given = _json(signed, "portal")
    for who, key in (
        ("portal", manifest.portal.signing_key),
        ("citizen", manifest.citizen),
    ):
        signatures.verify(signatures.MANIFEST, data, given.get(who), key, who)


def _check_closing(manifest: Manifest, data: bytes, closing: bytes) -> frozenset[str]:
    given = _json(closing, "closing")
    statement = given.get("statement")
    if not isinstance(statement, str):
        raise ArchiveError("closing")
    signatures.verify(
        signatures.CLOSING,
        statement.encode("utf-8", "surrogatepass"),
        given.get("signature"),
        manifest.portal.signing_key,
        "closing",
    )
    said = _json(statement.encode("utf-8", "surrogatepass"), "closing")
    altered = said.get("altered")
    if said.get("manifest_sha256") != signatures.digest(data):
        raise ArchiveError("closing")
    if not isinstance(altered, list) or not all(isinstance(id, str) for id in altered):
        raise ArchiveError("closing")
    return frozenset(altered)
