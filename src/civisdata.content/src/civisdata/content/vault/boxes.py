"""Sealed metadata boxes: titles, file names, types, notes, dates.

A box is: suite (1 byte), salt (24 random bytes), ciphertext. Its key is derived from the
vault key and the salt, so that a nonce can't repeat; ChaCha20-Poly1305 binds the suite,
space, item and purpose. The JSON is padded: a box tells of its content only its length
in steps of 256 bytes. Texts and previews are boxes of bytes, padded likewise.
"""

from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.errors import IntegrityError
from collections.abc import Callable
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from typing import Any
import hashlib
import hmac
import json
import os


#: The suite of new boxes, and the suites that are known: label of the key, cipher.
SUITE = 1
SUITES = {1: (b"civisdata metadata box 1", ChaCha20Poly1305)}
_SALT = 24
_TAG = 16
_PAD = 256
_LENGTH = 4
_NONCE = bytes(12)
_decode = json.JSONDecoder().raw_decode


def _aad(suite: int, *names: str) -> bytes:
    return bytes([suite]) + b"".join(_named(name) for name in names)


def _named(name: str) -> bytes:
    encoded = name.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def read_json(clear: bytes) -> dict[str, Any]:
    """Read the clear text of a box that ``seal`` made; ValueError."""
    return _decode(clear.decode())[0]


def is_known(box: bytes) -> bool:
    """Say whether a box has the form of a suite that is known; nothing is opened."""
    return len(box) > 1 + _SALT + _TAG and box[0] in SUITES


def read_bytes(clear: bytes) -> bytes:
    """Read the clear text of a box that ``seal_bytes`` made."""
    size = int.from_bytes(clear[:_LENGTH], "big")
    return clear[_LENGTH : _LENGTH + size]


class BoxKey:
    """Seals and opens the boxes of one vault with its vault key (32 bytes)."""

    def __init__(self, vault_key: bytes):
        # The key of a box is an HMAC of its salt: this one is begun once for all of them.
        self._begun = {
            suite: hmac.new(
                hmac.digest(vault_key, label, hashlib.sha256), digestmod=hashlib.sha256
            )
            for suite, (label, _cipher) in SUITES.items()
        }

    def _cipher(self, suite: int, salt: bytes):
        derived = self._begun[suite].copy()
        derived.update(salt)
        return SUITES[suite][1](derived.digest())

    def seal(
        self, content: dict[str, Any], *, space_id: str, item_id: str, purpose: str
    ) -> bytes:
        """Seal what JSON can hold."""
        clear = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        clear += b" " * (-len(clear) % _PAD)
        return self._seal(clear, space_id, item_id, purpose)

    def open(
        self, box: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> dict[str, Any]:
        """Open a box made for just this space, item and purpose.

        Raises IntegrityError, UnknownSuite.
        """
        return read_json(self._open(box, space_id, item_id, purpose))

    def seal_bytes(
        self, content: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> bytes:
        """Seal bytes, padded as well."""
        clear = len(content).to_bytes(_LENGTH, "big") + content
        clear += bytes(-len(clear) % _PAD)
        return self._seal(clear, space_id, item_id, purpose)

    def open_bytes(
        self, box: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> bytes:
        """Open what ``seal_bytes`` made; raises as ``open`` does."""
        return read_bytes(self._open(box, space_id, item_id, purpose))

    def opener(self, *, space_id: str, purpose: str) -> Callable[[bytes, str], bytes]:
        """Give a function that opens many boxes of one space and purpose.

        It takes a box and its item's id, gives the clear text, padding included, and
        raises as ``open`` does.
        """
        space, end = _named(space_id), _named(purpose)
        heads = {suite: bytes([suite]) + space for suite in SUITES}

        def open_box(box: bytes, item_id: str) -> bytes:
            return self._decrypt(box, heads, _named(item_id) + end)

        return open_box

    def _seal(self, clear: bytes, *names: str) -> bytes:
        salt = os.urandom(_SALT)
        cipher = self._cipher(SUITE, salt)
        return (
            bytes([SUITE]) + salt + cipher.encrypt(_NONCE, clear, _aad(SUITE, *names))
        )

    def _open(self, box: bytes, space_id: str, item_id: str, purpose: str) -> bytes:
        return self.opener(space_id=space_id, purpose=purpose)(box, item_id)

    def _decrypt(self, box: bytes, heads: dict[int, bytes], tail: bytes) -> bytes:
        if not box or box[0] not in SUITES:
            raise UnknownSuite("unknown suite of a metadata box")
        suite, salt = box[0], box[1 : 1 + _SALT]
        try:
            return self._cipher(suite, salt).decrypt(
                _NONCE, box[1 + _SALT :], heads[suite] + tail
            )
        except InvalidTag:
            raise IntegrityError("a metadata box doesn't open") from None

    def __repr__(self) -> str:
        return "<BoxKey (redacted)>"
