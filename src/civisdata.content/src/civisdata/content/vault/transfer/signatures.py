"""Ed25519 signatures of an archive: over its manifest, and over how it ended.

What is signed is a label, a line end, the SHA-256 of the member in hexadecimal. The
label tells the two apart, and both from everything else that these keys sign.
"""

from civisdata.content.vault.transfer.errors import ArchiveError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
import hashlib


MANIFEST = "civisdata export manifest 1"
CLOSING = "civisdata export closing 1"


def digest(data: bytes) -> str:
    """Give the SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _statement(label: str, data: bytes) -> bytes:
    return f"{label}\n{digest(data)}".encode("ascii")


def sign(label: str, data: bytes, key: bytes) -> str:
    """Sign with a raw private key; give the signature in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(key).sign(_statement(label, data)).hex()


def verify(label: str, data: bytes, signature: str, signer: str, reason: str) -> None:
    """Verify against a public key, both hexadecimal; ArchiveError(reason)."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer))
        public.verify(bytes.fromhex(signature), _statement(label, data))
    except (InvalidSignature, ValueError, TypeError):
        raise ArchiveError(reason) from None


def public_of(key: bytes) -> str:
    """Give the public key, in hexadecimal, of a raw private one."""
    private = Ed25519PrivateKey.from_private_bytes(key)
    return private.public_key().public_bytes_raw().hex()


def fingerprint(key: str) -> str:
    """Give 128 bits over a public key's text in groups of four, to be read aloud."""
    text = digest(key.strip().lower().encode())[:32]
    return " ".join(text[start : start + 4] for start in range(0, 32, 4))
