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


SUITE = 1
_SALT = 24
_PAD = 256
_LENGTH = 4
_NONCE = bytes(12)
_LABEL = b"civisdata metadata box 1"


def _aad(*names: str) -> bytes:
    encoded = [name.encode() for name in names]
    return bytes([SUITE]) + b"".join(
        len(name).to_bytes(2, "big") + name for name in encoded
    )


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
        return self._seal(clear, _aad(space_id, item_id, purpose))

    def open(
        self, box: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> dict[str, Any]:
        """Open a box made for just this space, item and purpose.

        Raises IntegrityError, UnknownSuite.
        """
        return json.loads(self._open(box, _aad(space_id, item_id, purpose)))

    def seal_bytes(
        self, content: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> bytes:
        """Seal bytes, padded as well."""
        clear = len(content).to_bytes(_LENGTH, "big") + content
        clear += bytes(-len(clear) % _PAD)
        return self._seal(clear, _aad(space_id, item_id, purpose))

    def open_bytes(
        self, box: bytes, *, space_id: str, item_id: str, purpose: str
    ) -> bytes:
        """Open what ``seal_bytes`` made; raises as ``open`` does."""
        clear = self._open(box, _aad(space_id, item_id, purpose))
        size = int.from_bytes(clear[:_LENGTH], "big")
        return clear[_LENGTH : _LENGTH + size]

    def _seal(self, clear: bytes, aad: bytes) -> bytes:
        salt = os.urandom(_SALT)
        return bytes([SUITE]) + salt + self._cipher(salt).encrypt(_NONCE, clear, aad)

    def _open(self, box: bytes, aad: bytes) -> bytes:
        if not box or box[0] != SUITE:
            raise UnknownSuite("unknown suite of a metadata box")
        salt = box[1 : 1 + _SALT]
        try:
            return self._cipher(salt).decrypt(_NONCE, box[1 + _SALT :], aad)
        except InvalidTag:
            raise IntegrityError("a metadata box doesn't open") from None

    def __repr__(self) -> str:
        return "<BoxKey (redacted)>"
