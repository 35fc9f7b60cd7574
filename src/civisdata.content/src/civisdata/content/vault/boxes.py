"""Sealed metadata boxes: titles, file names, types, notes, dates.

A box is: suite (1 byte), salt (24 random bytes), ciphertext. Its key is derived from the
vault key and the salt, so that a nonce can't repeat; ChaCha20-Poly1305 binds the suite,
space, item and purpose. The JSON is padded: a box tells of its content only its length
in steps of 256 bytes. Texts and previews are boxes of bytes, padded likewise.
"""

from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.errors import IntegrityError
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


def _aad(suite: int, *names: str) -> bytes:
    encoded = [name.encode() for name in names]
    return bytes([suite]) + b"".join(
        len(name).to_bytes(2, "big") + name for name in encoded
    )


def is_known(box: bytes) -> bool:
    """Say whether a box has the form of a suite that is known; nothing is opened."""
    return len(box) > 1 + _SALT + _TAG and box[0] in SUITES


class BoxKey:
    """Seals and opens the boxes of one vault with its vault key (32 bytes)."""

    def __init__(self, vault_key: bytes):
        self._keys = {
            suite: hmac.digest(vault_key, label, hashlib.sha256)
            for suite, (label, _cipher) in SUITES.items()
        }

    def _cipher(self, suite: int, salt: bytes):
        return SUITES[suite][1](hmac.digest(self._keys[suite], salt, hashlib.sha256))

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
        return json.loads(self._open(box, space_id, item_id, purpose))

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
        clear = self._open(box, space_id, item_id, purpose)
        size = int.from_bytes(clear[:_LENGTH], "big")
        return clear[_LENGTH : _LENGTH + size]

    def _seal(self, clear: bytes, *names: str) -> bytes:
        salt = os.urandom(_SALT)
        cipher = self._cipher(SUITE, salt)
        return (
            bytes([SUITE]) + salt + cipher.encrypt(_NONCE, clear, _aad(SUITE, *names))
        )

    def _open(self, box: bytes, *names: str) -> bytes:
        if not box or box[0] not in SUITES:
            raise UnknownSuite("unknown suite of a metadata box")
        suite, salt = box[0], box[1 : 1 + _SALT]
        try:
            return self._cipher(suite, salt).decrypt(
                _NONCE, box[1 + _SALT :], _aad(suite, *names)
            )
        except InvalidTag:
            raise IntegrityError("a metadata box doesn't open") from None

    def __repr__(self) -> str:
        return "<BoxKey (redacted)>"
