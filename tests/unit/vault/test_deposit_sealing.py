"""Streams sealed to one key: stock age opens them, nobody else does."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.deposits.sealing import open_values
from civisdata.content.vault.deposits.sealing import seal_stream
from civisdata.content.vault.deposits.sealing import seal_values
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NotARecipient
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.parts import PIECE
from io import BytesIO
import hashlib
import os
import pyrage
import pytest


class Dribble:
    """A stream that gives little at a time."""

    def __init__(self, data: bytes):
        self._stream = BytesIO(data)

    def read(self, size: int) -> bytes:
        return self._stream.read(min(size, 70_001))


def file_of(sealed) -> bytes:
    return sealed.header + b"".join(part.open("r").read() for part in sealed.parts)


@pytest.mark.parametrize(
    "size", [1, 65535, 65536, 2**20, 2**20 + 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE]
)
def test_pyrage_opens_what_was_sealed(size, bundle):
    data = os.urandom(size)
    sealed = seal_stream(bundle.recipient, "a.bin", Dribble(data), 10**9)
    identity = pyrage.x25519.Identity.from_str(bundle.identity)
    assert pyrage.decrypt(file_of(sealed), [identity]) == data
    assert (sealed.size, sealed.kind) == (size, "other")
    assert sealed.sha256 == hashlib.sha256(data).hexdigest()
    payload = file_of(sealed)[len(sealed.header) :]
    assert sealed.payload_sha256 == hashlib.sha256(payload).hexdigest()
    assert sealed.payload_size == len(payload)
    assert len(sealed.parts) == -(-size // PIECE)


@pytest.mark.parametrize(
    "data, name, reason",
    [
        (b"", "a.txt", "empty"),
        (b"x" * 101, "a.txt", "too_big"),
        (b"MZ", "a.pdf", "kind"),
    ],
)
def test_what_cannot_be_stored_is_refused(bundle, data, name, reason):
    with pytest.raises(Refused, match=reason):
        seal_stream(bundle.recipient, name, BytesIO(data), 100)


def test_no_more_is_read_than_may_be(bundle):
    stream = BytesIO(bytes(20 * 2**20))
    with pytest.raises(Refused, match="too_big"):
        seal_stream(bundle.recipient, "a", stream, 10)
    assert stream.tell() <= 2**20


def test_values_come_back_for_their_key_only(bundle):
    values = {"title": "Été « 2026 »", "size": 3, "x": "a" * 70_000}
    sealed = seal_values(bundle.recipient, values)
    assert open_values(bundle.identity, sealed) == values
    identity = pyrage.x25519.Identity.from_str(bundle.identity)
    assert pyrage.decrypt(sealed, [identity]).strip().startswith(b"{")
    with pytest.raises(NotARecipient):
        open_values(KeyBundle.new().identity, sealed)
    for place in (30, len(sealed) // 2, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises((IntegrityError, ValueError)):
            open_values(bundle.identity, bytes(altered))


def test_values_tell_little_by_their_length(bundle):
    lengths = {
        len(seal_values(bundle.recipient, {"title": "a" * count}))
        for count in range(1, 200)
    }
    assert len(lengths) == 1
