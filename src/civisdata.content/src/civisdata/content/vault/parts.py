"""The payload of a document: a sequence of blobs, one for each piece that was sent."""

from bisect import bisect_right
from civisdata.content.vault.agefile import NONCE
from civisdata.content.vault.agefile import sealed_size
from collections.abc import Sequence
from typing import BinaryIO
from typing import Protocol
from ZODB.blob import Blob


#: Clear bytes of each piece but the last: a multiple of the age format's 64 KiB.
PIECE = 8 * 1024 * 1024


class OpenPart(Protocol):
    """Opens the stored file of a part for reading."""

    def __call__(self, part: Blob) -> BinaryIO: ...


def open_part(part: Blob) -> BinaryIO:
    """Open a part in the running transaction, one just written too."""
    return part.open("r")


def part_starts(count: int, piece_size: int) -> list[int]:
    """Offsets in the payload at which each part begins."""
    first = sealed_size(piece_size)
    return [0] + [first + (first - NONCE) * index for index in range(count - 1)]


class PartsReader:
    """Reads stored bytes across parts; keeps one file open."""

    def __init__(
        self, parts: Sequence[Blob], piece_size: int, opener: OpenPart = open_part
    ):
        self._parts = parts
        self._starts = part_starts(len(parts), piece_size)
        self._opener = opener
        self._current: tuple[int, BinaryIO] | None = None

    def read_at(self, offset: int, length: int) -> bytes:
        """Give ``length`` stored bytes from ``offset`` on, fewer at the end."""
        data = b""
        while self._parts and len(data) < length:
            place = offset + len(data)
            index = bisect_right(self._starts, place) - 1
            stream = self._open(index)
            stream.seek(place - self._starts[index])
            wanted = length - len(data)
            if index + 1 < len(self._starts):
                wanted = min(wanted, self._starts[index + 1] - place)
            found = stream.read(wanted)
            if not found:
                break
            data = data + found if data else found
        return data

    def _open(self, index: int) -> BinaryIO:
        if self._current is None or self._current[0] != index:
            self.close()
            self._current = (index, self._opener(self._parts[index]))
        return self._current[1]

    def close(self) -> None:
        if self._current is not None:
            self._current[1].close()
            self._current = None
