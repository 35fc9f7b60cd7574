"""The portal's signing keys: one for each publisher, from a secret outside the database.

The file ``CIVIS_SIGNING_KEY_FILE`` holds one or more secrets of 32 bytes; the last one
signs, the ones before are still believed. A new one is put at its end (see
``docs/how-to/deposit.md``). HKDF gives each publisher an Ed25519 key of its own. What
the portal believes is derived from the file, never read from the database, where a key
could be put by whoever writes to it; the database only keeps which public keys there
were, since when, so that receipts can be verified after a secret is gone.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content.citizens import clock
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.secret_file import read_or_make
from civisdata.content.citizens.secret_file import SECRET_SIZE
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
import hashlib
import os


VARIABLE = "CIVIS_SIGNING_KEY_FILE"
_LABEL = b"civisdata publisher key 1\0"
_ATTRIBUTE = "_civisdata_public_keys"


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A publisher's key of one secret, raw."""

    private: bytes

    @property
    def public(self) -> bytes:
        key = Ed25519PrivateKey.from_private_bytes(self.private)
        return key.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, data: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(data)

    def __repr__(self) -> str:
        return "<SigningKey (redacted)>"


@dataclass(frozen=True)
class PublicKey:
    """A public key as it is published; times are seconds since 1970.

    ``valid_until`` is None for the key that signs today.
    """

    id: str
    publisher: str
    title: str
    public: str
    valid_from: float
    valid_until: float | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key, in groups of four hexadecimal digits."""
        text = hashlib.sha256(bytes.fromhex(self.public)).hexdigest()
        return " ".join(text[start : start + 4] for start in range(0, 64, 4))


def key_id(public: bytes) -> str:
    """Give the name of a public key: 16 digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def site_secrets() -> list[bytes]:
    """Read the secrets, oldest first; ValueError where the file isn't whole."""
    path = os.environ[VARIABLE]
    data = read_or_make(path)
    if not data or len(data) % SECRET_SIZE:
        raise ValueError(f"{path}: secrets have {SECRET_SIZE} bytes each")
    return [
        data[start : start + SECRET_SIZE] for start in range(0, len(data), SECRET_SIZE)
    ]


def _derive(secret: bytes, publisher_id: str) -> SigningKey:
    info = _LABEL + publisher_id.encode()
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
    return SigningKey(kdf.derive(secret))


def signing_key(publisher_id: str) -> SigningKey:
    """Give the key that signs for a publisher today."""
    return _derive(site_secrets()[-1], publisher_id)


def trusted_keys(publisher_id: str) -> list[bytes]:
    """Give the public keys of a publisher that the portal itself believes."""
    return [_derive(secret, publisher_id).public for secret in site_secrets()]


def published_keys(site) -> list[PublicKey]:
    """Give all keys that ever signed, by publisher, the newest first."""
    stored = getattr(aq_base(site), _ATTRIBUTE, None) or {}
    keys = [PublicKey(**row) for row in stored.values()]
    return sorted(keys, key=lambda key: (key.title, key.publisher, -key.valid_from))


def note_key(site, publisher: Publisher) -> SigningKey:
    """Give the key that signs for a publisher today; it is published from now on."""
    key = signing_key(publisher.id)
    stored = getattr(aq_base(site), _ATTRIBUTE, None)
    if stored is not None and key.id in stored:
        return key
    if stored is None:
        stored = OOBTree()
        setattr(aq_base(site), _ATTRIBUTE, stored)
    now = clock.now()
    for row in list(stored.values()):
        former = PublicKey(**row)
        if former.publisher == publisher.id and former.valid_until is None:
            stored[former.id] = asdict(replace(former, valid_until=now))
    public = key.public.hex()
    stored[key.id] = asdict(
        PublicKey(key.id, publisher.id, publisher.title, public, now)
    )
    return key
