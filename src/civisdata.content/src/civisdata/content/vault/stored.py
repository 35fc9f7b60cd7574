"""Reading back all that was stored of a document, before it is believed."""

from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.agefile import sealed_size
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.parts import PartsReader
from collections.abc import Sequence
from ZODB.blob import Blob
import hashlib


def hash_stored(
    parts: Sequence[Blob], piece_size: int, size: int, file_key: bytes
) -> tuple[str, str]:
    """Open a payload of ``size`` clear bytes; give SHA-256 of it and of the clear text.

    IntegrityError where it doesn't open with ``file_key``.
    """
    stored, clear, hashed = hashlib.sha256(), hashlib.sha256(), 0
    reader = PartsReader(parts, piece_size)

    def read_at(offset: int, length: int) -> bytes:
        nonlocal hashed
        data = reader.read_at(offset, length)
        # The last chunk is also read first, to verify the size: out of order.
        if offset == hashed:
            stored.update(data)
            hashed += len(data)
        return data

    total = sealed_size(size)
    try:
        for data in PayloadReader(file_key, total, read_at).read():
            clear.update(data)
    finally:
        reader.close()
    if hashed != total:
        raise IntegrityError("what was stored isn't what was sealed")
    return stored.hexdigest(), clear.hexdigest()
