"""A run of bytes that comes in, sealed while it is read: nothing of it lies in clear."""

from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.errors import Refused
from collections.abc import Callable
from typing import BinaryIO


_READ = 1024 * 1024


class Window:
    """The next ``length`` bytes of a stream, as a stream."""

    def __init__(self, stream: BinaryIO, length: int):
        self._stream = stream
        self._left = length

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        return data


def seal_stream(
    stream: BinaryIO,
    sealed: BinaryIO,
    file_key: bytes,
    nonce: bytes,
    offset: int,
    length: int,
    final: bool,
    see: Callable[[bytes], None] = lambda data: None,
) -> None:
    """Seal ``length`` bytes of ``stream``, which are a payload's from ``offset`` on.

    ``final`` where the payload ends with them. ``see`` gets the clear bytes, batch by
    batch. Refused (``short``, ``long``) where the stream has another length.
    """
    sealer = PayloadSealer(file_key, nonce, offset // CHUNK)
    if not offset:
        sealed.write(nonce)
    left = length
    while left:
        data = _read_some(stream, min(_READ, left))
        if not data:
            raise Refused("short")
        see(data)
        left -= len(data)
        sealed.write(sealer.update(data))
    if stream.read(1):
        raise Refused("long")
    sealed.write(sealer.finish(final))


def _read_some(stream: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes though the stream may give fewer at a time."""
    parts = []
    while size and (data := stream.read(size)):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)
