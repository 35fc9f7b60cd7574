"""The keys of this portal itself: it signs archives, and archives are sealed to it.

Both are derived from 32 random bytes in a file outside the database and its backups, the
one that CIVIS_SIGNING_KEY_FILE names; it is made where it is missing.
"""

from civisdata.content.citizens import bech32
from civisdata.content.citizens.pepper import load_pepper
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pathlib import Path
import os


def _derived(use: str) -> bytes:
    info = f"civisdata site {use} 1".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(_secret())


def _secret() -> bytes:
    named = os.environ.get("CIVIS_SIGNING_KEY_FILE")
    path = Path(named or Path(os.environ["CIVIS_VAR"]) / "secrets" / "signing")
    return load_pepper(path)


def site_signing_key() -> bytes:
    """Give the raw Ed25519 private key with which this portal signs."""
    return _derived("signing")


def site_signing_public() -> bytes:
    """Give the raw Ed25519 public key that verifies what this portal signed."""
    key = Ed25519PrivateKey.from_private_bytes(site_signing_key())
    return key.public_key().public_bytes_raw()


def site_exchange_key() -> bytes:
    """Give the raw X25519 private key to which others seal for this portal."""
    return _derived("exchange")


def site_identity() -> str:
    """Give the portal's secret identity for age, ``AGE-SECRET-KEY-1…``."""
    return bech32.encode("age-secret-key-", site_exchange_key()).upper()


def site_recipient() -> str:
    """Give the portal's public address for age, ``age1…``."""
    key = X25519PrivateKey.from_private_bytes(site_exchange_key())
    return bech32.encode("age", key.public_key().public_bytes_raw())
