"""Sealing a stream to one public key: nothing in clear is kept, nor the file's key."""

from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import parse_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.agefile import seal_header
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.kinds import HEAD
from civisdata.content.vault.kinds import kind_of
from civisdata.content.vault.parts import PIECE
from dataclasses import dataclass
from typing import Any
from typing import BinaryIO
from ZODB.blob import Blob
import hashlib
import json


_READ = 1024 * 1024
_PAD = 256


@dataclass(frozen=True)
class Sealed:
    """A sealed document: header and parts of an age file, and what is known of it.

    ``size`` and ``sha256`` are of the clear text, ``payload_*`` of what is stored.
    """

    header: bytes
    parts: tuple[Blob, ...]
    payload_size: int
    payload_sha256: str
    size: int
    sha256: str
    kind: str
    piece_size: int = PIECE


class _Payload:
    """Writes sealed chunks into blobs of a piece each."""

    def __init__(self, file_key: bytes):
        self._file_key = file_key
        self._nonce = new_nonce()
        self._sealer = PayloadSealer(file_key, self._nonce)
        self._hash = hashlib.sha256()
        self._stream: BinaryIO | None = None
        self._held = 0
        self.parts: tuple[Blob, ...] = ()
        self.size = 0

    def write(self, data: bytes, final: bool) -> None:
        """Seal ``data``: at most up to the end of a piece."""
        if self._stream is None:
            self._begin()
        self._held += len(data)
        self._put(self._sealer.update(data))
        if final or self._held == PIECE:
            self._put(self._sealer.finish(final))
            self.close()

    def _begin(self) -> None:
        blob = Blob()
        self.parts += (blob,)
        self._stream = blob.open("w")
        self._held = 0
        if len(self.parts) == 1:
            self._put(self._nonce)

    def _put(self, sealed: bytes) -> None:
        self._stream.write(sealed)
        self._hash.update(sealed)
        self.size += len(sealed)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def blocks(stream: BinaryIO):
    """Give blocks of 1 MiB (the last one shorter), though reads may give fewer."""
    held = bytearray()
    while data := stream.read(_READ - len(held)):
        held += data
        if len(held) == _READ:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def seal_stream(recipient: str, name: str, stream: BinaryIO, largest: int) -> Sealed:
    """Seal a stream to ``recipient`` (``age1…``) as it is read.

    Raises Refused: ``empty``, ``too_big`` (than ``largest``; no more is read), ``kind``.
    """
    file_key = new_file_key()
    payload, clear, size, kind = _Payload(file_key), hashlib.sha256(), 0, ""
    try:
        waiting = b""
        for block in blocks(stream):
            if not size:
                kind = kind_of(name, block[:HEAD])
            size += len(block)
            if size > largest:
                raise Refused("too_big")
            clear.update(block)
            if waiting:
                payload.write(waiting, final=False)
            waiting = block
        if not size:
            raise Refused("empty")
        payload.write(waiting, final=True)
    finally:
        payload.close()
    return Sealed(
        header=seal_header(file_key, [recipient]),
        parts=payload.parts,
        payload_size=payload.size,
        payload_sha256=payload.sha256,
        size=size,
        sha256=clear.hexdigest(),
        kind=kind,
    )


def seal_values(recipient: str, values: dict[str, Any]) -> bytes:
    """Seal what JSON can hold as a whole age file; its length tells little."""
    clear = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    clear += b" " * (-len(clear) % _PAD)
    file_key, nonce = new_file_key(), new_nonce()
    sealer = PayloadSealer(file_key, nonce)
    header = seal_header(file_key, [recipient])
    return header + nonce + sealer.update(clear) + sealer.finish(final=True)


def open_values(identity: str, sealed: bytes) -> dict[str, Any]:
    """Open ``seal_values``; IntegrityError, NotARecipient."""
    header = parse_header(sealed)
    file_key = open_header(sealed[: header.length], identity)
    payload = sealed[header.length :]
    reader = PayloadReader(
        file_key, len(payload), lambda start, length: payload[start : start + length]
    )
    return json.loads(b"".join(reader.read()))
