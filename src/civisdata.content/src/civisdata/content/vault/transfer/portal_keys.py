"""The keys of this portal itself: it signs archives, and archives are sealed to it.

Both are derived from the secrets in the file that CIVIS_SIGNING_KEY_FILE names, outside
the database and its backups: 32 bytes each, the last one counts, the ones before still
open what was sealed to them. A missing file is made.
"""

from civisdata.content.citizens import bech32
from civisdata.content.citizens.site_keys import site_secrets
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _derived(secret: bytes, use: str) -> bytes:
    info = f"civisdata portal {use} 1".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def signing_key() -> bytes:
    """Give the raw Ed25519 private key with which this portal signs archives."""
    return _derived(site_secrets()[-1], "archives")


def signing_publics() -> list[str]:
    """Give the public keys, in hexadecimal, with which it signs and has signed."""
    return [
        Ed25519PrivateKey.from_private_bytes(_derived(secret, "archives"))
        .public_key()
        .public_bytes_raw()
        .hex()
        for secret in site_secrets()
    ]


def identities() -> list[str]:
    """Give the secret identities for age, ``AGE-SECRET-KEY-1…``, the newest first."""
    return [
        bech32.encode("age-secret-key-", _derived(secret, "exchange")).upper()
        for secret in reversed(site_secrets())
    ]


def recipient() -> str:
    """Give the public address for age, ``age1…``, of today."""
    key = X25519PrivateKey.from_private_bytes(_derived(site_secrets()[-1], "exchange"))
    return bech32.encode("age", key.public_key().public_bytes_raw())
