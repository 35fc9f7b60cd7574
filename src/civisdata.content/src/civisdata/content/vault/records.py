"""Signed records: what a stored document is, said by who stored it.

The signature is Ed25519 over a label and the record as JSON with sorted keys and no
spaces, so that anyone can verify one with common tools.
"""

from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.errors import IntegrityError
from collections.abc import Mapping
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
from typing import Self
import json


SUITE = "civis-document-1"
_LABEL = b"civisdata document record\n"


@dataclass(frozen=True)
class DocumentRecord:
    """What is signed of a document.

    ``header_sha256`` is over the age header, ``payload_sha256`` over the stored payload
    (both hexadecimal), ``size`` counts the payload's stored bytes, ``stored_at`` is
    seconds since 1970 UTC, ``signer`` the Ed25519 public key (hexadecimal).
    """

    document_id: str
    owner_id: str
    header_sha256: str
    payload_sha256: str
    size: int
    stored_at: int
    signer: str
    suite: str = SUITE

    def encode(self) -> bytes:
        """The canonical bytes that are signed."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return _LABEL + text.encode("ascii")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(**data)


def sign(record: DocumentRecord, signing_key: bytes) -> bytes:
    """Sign with the raw private key that belongs to ``record.signer``; ValueError."""
    key = Ed25519PrivateKey.from_private_bytes(signing_key)
    if key.public_key().public_bytes_raw().hex() != record.signer:
        raise ValueError("the record names another signer")
    return key.sign(record.encode())


def verify(record: DocumentRecord, signature: bytes, signer: bytes) -> None:
    """Verify against the public key that is expected; IntegrityError, UnknownSuite."""
    if record.suite != SUITE:
        raise UnknownSuite(record.suite)
    if record.signer != signer.hex():
        raise IntegrityError("a record signed by someone else")
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, record.encode())
    except (InvalidSignature, ValueError):
        raise IntegrityError("a record whose signature is wrong") from None
