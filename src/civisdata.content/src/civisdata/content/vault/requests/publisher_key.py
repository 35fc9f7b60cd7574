"""The keys that administrations read answers with: one for each publisher.

They are derived from a secret in a file outside the database (``CIVIS_PUBLISHER_KEY_FILE``,
made where it is missing). Whoever has database *and* file can read what citizens have
given to administrations, for as long as they give it; nothing else. That is said to
citizens before they give anything.
"""

from civisdata.content.citizens import bech32
from civisdata.content.citizens.pepper import load_pepper
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
import os


VARIABLE = "CIVIS_PUBLISHER_KEY_FILE"
_LABEL = b"civisdata publisher reading key 1\0"


def _private(publisher_id: str) -> bytes:
    info = _LABEL + publisher_id.encode()
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
    return kdf.derive(load_pepper(os.environ[VARIABLE]))


def publisher_identity(publisher_id: str) -> str:
    """Give the secret identity for age of a publisher."""
    return bech32.encode("age-secret-key-", _private(publisher_id)).upper()


def publisher_recipient(publisher_id: str) -> str:
    """Give the address (``age1…``) of a publisher."""
    private = X25519PrivateKey.from_private_bytes(_private(publisher_id))
    return bech32.encode("age", private.public_key().public_bytes_raw())
