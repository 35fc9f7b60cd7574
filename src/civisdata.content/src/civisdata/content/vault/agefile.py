"""Payloads of age v1 files, sealed in runs of chunks and read at any place.

A payload is a nonce of 16 bytes, then chunks of 64 KiB, each with a tag of 16 bytes
(ChaCha20-Poly1305, STREAM). The last chunk carries a flag, so that a cut is noticed; it is
empty only where the whole payload is. https://github.com/C2SP/C2SP/blob/main/age.md
"""

from civisdata.content.vault.ageheader import derive
from civisdata.content.vault.ageheader import new_file_key
from civisdata.content.vault.ageheader import open_header
from civisdata.content.vault.ageheader import parse_header
from civisdata.content.vault.ageheader import seal_header
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NotARecipient
from collections.abc import Callable
from collections.abc import Iterator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
import secrets


__all__ = [
    "CHUNK",
    "NONCE",
    "SEALED_CHUNK",
    "IntegrityError",
    "NotARecipient",
    "PayloadReader",
    "PayloadSealer",
    "clear_size",
    "new_file_key",
    "new_nonce",
    "open_header",
    "parse_header",
    "seal_header",
    "sealed_size",
]

CHUNK = 64 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
#: Chunks that are read from the store at once. Fewer cost more time in Python on the way
#: to the socket; more gain nothing.
BATCH = 16


def new_nonce() -> bytes:
    """Draw the nonce of a payload; it is the payload's first 16 bytes."""
    return secrets.token_bytes(NONCE)


def sealed_size(clear_size: int) -> int:
    """Bytes of a payload (nonce, chunks, tags) for so many bytes of clear text."""
    return NONCE + clear_size + TAG * max(1, -(-clear_size // CHUNK))


def clear_size(stored_size: int) -> int:
    """Bytes of clear text that a whole payload of so many bytes holds; unverified."""
    body = stored_size - NONCE
    return body - TAG * -(-body // SEALED_CHUNK)


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive(file_key, nonce, b"payload"))


def _chunk_nonce(index: int, final: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([final])


class PayloadSealer:
    """Seals a run of chunks that begins at chunk ``first_chunk`` of a payload.

    The nonce itself isn't part of what it gives: whoever begins a payload writes it.
    The same run must never be sealed twice with different contents and then kept.
    """

    def __init__(self, file_key: bytes, nonce: bytes, first_chunk: int = 0):
        self._cipher = _cipher(file_key, nonce)
        self._held = bytearray()
        self.next_chunk = first_chunk

    def update(self, data: bytes) -> bytes:
        """Take clear bytes, give the chunks that are certainly not the last one."""
        held = self._held
        held += data
        # A full chunk is held back: it may prove to be the last one.
        count = max(0, (len(held) - 1) // CHUNK)
        if not count:
            return b""
        with memoryview(held) as view:
            sealed = b"".join(
                self._seal(view[start : start + CHUNK], False)
                for start in range(0, count * CHUNK, CHUNK)
            )
        del held[: count * CHUNK]
        return sealed

    def finish(self, final: bool) -> bytes:
        """Give the chunk held back; ``final`` where the payload ends with it.

        ValueError where more is to follow, but the run isn't whole chunks.
        """
        if not final and len(self._held) not in (0, CHUNK):
            raise ValueError("a run that isn't the last has whole chunks")
        if not final and not self._held:
            return b""
        if final and not self._held and self.next_chunk:
            raise ValueError("an empty last chunk after others")
        sealed = self._seal(self._held, final)
        self._held = bytearray()
        return sealed

    def _seal(self, clear, final: bool) -> bytes:
        nonce = _chunk_nonce(self.next_chunk, final)
        self.next_chunk += 1
        return self._cipher.encrypt(nonce, clear, None)


class PayloadReader:
    """Opens parts of a payload of ``size`` stored bytes (nonce included).

    ``read_at(offset, length)`` gives stored bytes. No length is believed before the last
    chunk was verified; wrong bytes are never given: IntegrityError instead.
    """

    def __init__(
        self, file_key: bytes, size: int, read_at: Callable[[int, int], bytes]
    ):
        self._read_at = read_at
        body = size - NONCE
        self._chunks = -(-body // SEALED_CHUNK)
        self._last = body - (self._chunks - 1) * SEALED_CHUNK - TAG
        if body < TAG or self._last < 0 or (self._last == 0 and self._chunks > 1):
            raise IntegrityError("a payload of an impossible size")
        self._cipher = _cipher(file_key, self._stored(0, NONCE))
        self._verified = False

    @property
    def clear_size(self) -> int:
        """Size of the clear text; verifies the last chunk the first time."""
        if not self._verified:
            self._open(self._chunks - 1, 1)
            self._verified = True
        return (self._chunks - 1) * CHUNK + self._last

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Give ``clear[start:stop]`` (not negative) in batches of at most 1 MiB."""
        size = self.clear_size
        stop = size if stop is None else min(stop, size)
        if start < 0 or stop <= start:
            return
        first, end = start // CHUNK, -(-stop // CHUNK)
        for index in range(first, end, BATCH):
            count = min(BATCH, end - index)
            clear = self._open(index, count)
            base = index * CHUNK
            low, high = max(start - base, 0), min(stop - base, len(clear))
            yield clear if (low, high) == (0, len(clear)) else clear[low:high]

    def _stored(self, offset: int, length: int) -> bytes:
        data = self._read_at(offset, length)
        if len(data) != length:
            raise IntegrityError("a payload that is cut")
        return data

    def _open(self, index: int, count: int) -> bytes:
        """Open ``count`` chunks from ``index`` on."""
        last = self._chunks - 1
        length = count * SEALED_CHUNK
        if index + count > last:
            length += self._last + TAG - SEALED_CHUNK
        sealed = memoryview(self._stored(NONCE + index * SEALED_CHUNK, length))
        clear = []
        for number in range(count):
            place = index + number
            chunk = sealed[number * SEALED_CHUNK : (number + 1) * SEALED_CHUNK]
            try:
                clear.append(
                    self._cipher.decrypt(
                        _chunk_nonce(place, place == last), chunk, None
                    )
                )
            except InvalidTag:
                raise IntegrityError(f"chunk {place} doesn't open") from None
        return b"".join(clear)
