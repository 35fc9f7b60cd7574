"""Ids with a MAC that the server alone makes, for links and return addresses.

The key is derived from the secrets of the signing keys (``site_keys``): the last one
signs, those before are still believed. Letters and digits are those of base 32, in small
letters, as the local part of an address may change its case on its way.
"""

from civisdata.content.citizens.site_keys import site_secrets
from dataclasses import dataclass
import base64
import hashlib
import hmac
import re


_ID = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True)
class Signer:
    """Makes and checks the MACs of one room; ``label`` is its own and ends with a NUL."""

    label: bytes

    def sign(self, purpose: str, *parts: str) -> str:
        """Return the MAC of ``parts`` for a purpose: 26 letters and digits."""
        return self._mac(site_secrets()[-1], purpose, *parts)

    def is_right(self, mac: str, purpose: str, *parts: str) -> bool:
        """Say whether ``mac`` was made by ``sign``, today or with a former secret."""
        given = mac.encode("utf-8", "replace")
        return any(
            hmac.compare_digest(given, self._mac(secret, purpose, *parts).encode())
            for secret in site_secrets()
        )

    def token(self, purpose: str, id: str) -> str:
        """Return ``id`` (16 letters and digits) with its MAC, for a link."""
        return f"{id}.{self.sign(purpose, id)}"

    def id_of(self, token: str, purpose: str) -> str | None:
        """Return the id that a token was made for; None for any other text."""
        id, _dot, mac = token.strip().lower().partition(".")
        if not _ID.fullmatch(id) or not self.is_right(mac, purpose, id):
            return None
        return id

    def _mac(self, secret: bytes, purpose: str, *parts: str) -> str:
        data = self.label + "\0".join((purpose, *parts)).encode()
        digest = hmac.digest(secret, data, hashlib.sha256)[:16]
        return base64.b32encode(digest).decode().rstrip("=").lower()
