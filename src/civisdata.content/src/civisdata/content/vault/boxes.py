"""Sealed metadata boxes: titles, file names, types, notes, dates.

A box is: suite (1 byte), salt (24 random bytes), ciphertext. Its key is derived from the
vault key and the salt, so that a nonce can't repeat; ChaCha20-Poly1305 binds the suite,
space, item and purpose. The JSON is padded: a box tells of its content only its length
in steps of 256 bytes.
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


SUITE = 1
_SALT = 24
_TAG = 16
_PAD = 256
_NONCE = bytes(12)
_LABEL = b"civisdata metadata box 1"


def _aad(*names: str) -> bytes:
    encoded = [name.encode() for name in names]
    return bytes([SUITE]) + b"".join(
        len(name).to_bytes(2, "big") + name for name in encoded
    )


def is_known(box: bytes) -> bool:
    """Say whether a box has the form of a suite that is known; nothing is opened."""
    return len(box) > 1 + _SALT + _TAG and box[0] == SUITE


class BoxKey:
    """Seals and opens the boxes of one vault with its vault key (32 bytes)."""

    def __init__(self, vault_key: bytes):
        self._key = hmac.digest(vault_key, _LABEL, hashlib.sha256)

    def _cipher(self, salt: bytes) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(hmac.digest(self._key, salt, hashlib.sha256))

    def seal(
        self, content: dict[str, Any], *, space_id: str, item_id: str, purpose: str
    ) -> bytes:
        """Seal what JSON can hold."""
        clear = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        clear += b" " * (-len(clear) % _PAD)
        salt = os.urandom(_SALT)
        aad = _aad(space_id, item_id, purpose)
        return bytes([SUITE]) + salt + self._cipher(salt).encrypt(_NONCE, clear, aad)

    def open(
        self, box: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> dict[str, Any]:
        """Open a box made for just this space, item and purpose.

        Raises IntegrityError, UnknownSuite.
        """
        if not box or box[0] != SUITE:
            raise UnknownSuite("unknown suite of a metadata box")
        salt = box[1 : 1 + _SALT]
        aad = _aad(space_id, item_id, purpose)
        try:
            clear = self._cipher(salt).decrypt(_NONCE, box[1 + _SALT :], aad)
        except InvalidTag:
            raise IntegrityError("a metadata box doesn't open") from None
        return json.loads(clear)

    def __repr__(self) -> str:
        return "<BoxKey (redacted)>"
