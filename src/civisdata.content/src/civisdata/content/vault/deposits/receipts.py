"""Receipts: what was put into which space by whom, when; signed, verified offline.

What is signed holds no hash of the document, but commitments: SHA-256 over a salt of
256 bits, a word and the value. Depositor and citizen have the salt, the database hasn't,
so that nobody can try out there which document it was. ``tools/civisdata-verify-receipt``
verifies the same without the portal; both follow ``docs/reference/deposits-api.md``.
"""

from civisdata.content.citizens.site_keys import SigningKey
from civisdata.content.vault.errors import IntegrityError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from datetime import datetime
from datetime import UTC
from typing import Any
import hashlib
import json


TYPE = "civisdata-receipt-1"
_LABEL = b"civisdata deposit receipt\n"


def canonical(payload: dict[str, Any]) -> bytes:
    """Give the bytes that are signed: JSON, keys sorted, no spaces, ASCII."""
    return _LABEL + json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()


def commitment(salt: bytes, word: str, value: str) -> str:
    """Commit to a value without telling it."""
    return hashlib.sha256(salt + f"{word}\0{value}".encode()).hexdigest()


def iso(seconds: float) -> str:
    """Write a time as « 2026-11-24T06:00:00Z »."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_payload(
    *,
    receipt: str,
    publisher: str,
    name: str,
    channel: str,
    at: float,
    commitments: dict[str, str],
    payload_sha256: str,
    metadata_sha256: str,
    key: SigningKey,
) -> dict[str, Any]:
    """Give what is signed; ``commitments`` of ``document``, ``recipient``, ``space``."""
    return {
        "type": TYPE,
        "receipt": receipt,
        "publisher": publisher,
        "publisher_name": name,
        "channel": channel,
        "deposited_at": iso(at),
        "stored_sha256": payload_sha256,
        "metadata_sha256": metadata_sha256,
        "key": key.id,
        **commitments,
    }


def sign_payload(payload: dict[str, Any], key: SigningKey) -> bytes:
    return key.sign(canonical(payload))


def verify_payload(
    payload: dict[str, Any], signature: bytes, trusted: list[bytes]
) -> bytes:
    """Give the trusted key that signed; IntegrityError where none did."""
    data = canonical(payload)
    for public in trusted:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        except InvalidSignature:
            continue
        return public
    raise IntegrityError("a receipt that no known key signed")


def whole(
    payload: dict[str, Any], signature: bytes, salt: bytes, **opened: str
) -> dict[str, Any]:
    """Give a receipt as it is handed over.

    ``opened``: what its holder knows of ``document``, ``recipient`` and ``space``.
    """
    return {
        "signed": payload,
        "signature": signature.hex(),
        "opening": {"salt": salt.hex(), **opened},
    }


def receipt_json(receipt: dict[str, Any]) -> str:
    """Write a receipt for people and programs."""
    return json.dumps(receipt, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
