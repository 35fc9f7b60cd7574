"""A citizen's keys, and their wraps by password and by recovery code.

One Argon2id run over the password, then HKDF-SHA-256 salted with the pepper, gives two
independent values: the log-in verifier (its SHA-256 is stored) and the key that wraps the
bundle. The database alone, without the pepper's file, doesn't even allow guessing.

The recovery code needs no slow function: it has 145 random bits, so that HKDF is enough.
It works without the pepper, so that the loss of that file isn't the loss of all vaults.
"""

from argon2.low_level import hash_secret_raw
from argon2.low_level import Type
from civisdata.content.citizens import bech32
from civisdata.content.citizens.pepper import load_pepper
from civisdata.content.citizens.recovery_code import InvalidRecoveryCode
from civisdata.content.citizens.recovery_code import new_recovery_code
from civisdata.content.citizens.recovery_code import normalise_recovery_code
from civisdata.content.citizens.suites import bound_to
from civisdata.content.citizens.suites import derive
from civisdata.content.citizens.suites import PASSWORDS
from civisdata.content.citizens.suites import RECOVERIES
from civisdata.content.citizens.suites import Suite
from civisdata.content.citizens.suites import UnknownSuite
from collections.abc import Mapping
from contextlib import contextmanager
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from dataclasses import asdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from typing import Self
import hashlib
import hmac
import os
import secrets
import threading
import unicodedata


__all__ = [
    "Argon2Params",
    "DamagedRecord",
    "InvalidRecoveryCode",
    "KeyBundle",
    "PasswordCheck",
    "PasswordRecord",
    "PublicKeys",
    "RecoveryRecord",
    "TooBusy",
    "UnknownSuite",
    "WrongRecoveryCode",
    "burn",
    "check_password",
    "default_params",
    "is_outdated",
    "load_pepper",
    "new_password_record",
    "new_recovery_code",
    "normalise_recovery_code",
    "open_bundle",
    "open_with_recovery_code",
    "seal_bundle",
    "set_argon2_limit",
    "set_default_params",
    "slow_digest",
    "wrap_with_recovery_code",
]

BUNDLE_VERSION = 1
_WAIT_SECONDS = 20.0


class DamagedRecord(ValueError):
    """The secret is right, but the wrap doesn't open: the record was altered."""


class WrongRecoveryCode(ValueError):
    """A well-formed recovery code that doesn't open this record."""


class TooBusy(RuntimeError):
    """Too many passwords are being checked; try again in a moment."""


@dataclass(frozen=True)
class PublicKeys:
    """What may be known of a bundle: raw X25519 and Ed25519 public keys."""

    exchange: bytes
    signing: bytes

    @property
    def recipient(self) -> str:
        """The address for age, ``age1…``."""
        return bech32.encode("age", self.exchange)

    @property
    def fingerprint(self) -> str:
        """128 bits over both keys, as eight groups of four hexadecimal digits."""
        digest = hashlib.sha256(b"civisdata keys 1" + self.exchange + self.signing)
        text = digest.hexdigest()[:32]
        return " ".join(text[start : start + 4] for start in range(0, 32, 4))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(exchange=data["exchange"], signing=data["signing"])


@dataclass(frozen=True, repr=False)
class KeyBundle:
    """A citizen's secrets: X25519 and Ed25519 private keys and the vault key (raw)."""

    exchange_key: bytes
    signing_key: bytes
    vault_key: bytes

    def __post_init__(self):
        if {len(self.exchange_key), len(self.signing_key), len(self.vault_key)} != {32}:
            raise ValueError("keys have 32 bytes")

    @classmethod
    def new(cls) -> Self:
        return cls(*(secrets.token_bytes(32) for _ in range(3)))

    def to_bytes(self) -> bytes:
        """97 bytes: version, X25519, Ed25519, vault key."""
        keys = self.exchange_key + self.signing_key + self.vault_key
        return bytes([BUNDLE_VERSION]) + keys

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read ``to_bytes``; UnknownSuite or ValueError."""
        if not data or data[0] != BUNDLE_VERSION:
            raise UnknownSuite("unknown version of a key bundle")
        if len(data) != 97:
            raise ValueError("a key bundle has 97 bytes")
        return cls(data[1:33], data[33:65], data[65:97])

    @cached_property
    def public(self) -> PublicKeys:
        exchange = X25519PrivateKey.from_private_bytes(self.exchange_key)
        signing = Ed25519PrivateKey.from_private_bytes(self.signing_key)
        return PublicKeys(
            exchange.public_key().public_bytes_raw(),
            signing.public_key().public_bytes_raw(),
        )

    @property
    def recipient(self) -> str:
        """The public address for age, ``age1…``."""
        return self.public.recipient

    @property
    def identity(self) -> str:
        """The secret identity for age, ``AGE-SECRET-KEY-1…``."""
        return bech32.encode("age-secret-key-", self.exchange_key).upper()

    @property
    def fingerprint(self) -> str:
        return self.public.fingerprint

    def __repr__(self) -> str:
        return "<KeyBundle (redacted)>"

    def __reduce__(self):
        raise TypeError("a KeyBundle is never pickled; wrap it")


@dataclass(frozen=True)
class Argon2Params:
    """Cost of Argon2id: memory in KiB, passes, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1

    def to_dict(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> Self:
        return cls(data["memory_kib"], data["passes"], data["lanes"])


@dataclass(frozen=True)
class PasswordRecord:
    """What is stored of a password; ``wrapped`` is the bundle's nonce and ciphertext."""

    suite: str
    params: Argon2Params
    salt: bytes
    verifier_hash: bytes
    wrapped: bytes | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data (str, int, bytes, None, dict) for the ZODB."""
        return {
            "suite": self.suite,
            "params": self.params.to_dict(),
            "salt": self.salt,
            "verifier_hash": self.verifier_hash,
            "wrapped": self.wrapped,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            suite=data["suite"],
            params=Argon2Params.from_dict(data["params"]),
            salt=data["salt"],
            verifier_hash=data["verifier_hash"],
            wrapped=data["wrapped"],
        )


@dataclass(frozen=True)
class PasswordCheck:
    """Outcome of a check: ``bundle`` is None where the record wraps none.

    ``needs_rehash``: the record's cost or suite isn't today's; store a new record.
    """

    ok: bool
    bundle: KeyBundle | None = None
    needs_rehash: bool = False


@dataclass(frozen=True)
class RecoveryRecord:
    """The bundle under a recovery code; ``wrapped`` is nonce and ciphertext."""

    suite: str
    salt: bytes
    wrapped: bytes

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(suite=data["suite"], salt=data["salt"], wrapped=data["wrapped"])


_default = Argon2Params()
_slots = threading.BoundedSemaphore(2)


def default_params() -> Argon2Params:
    """The cost that new records get."""
    return _default


def set_default_params(params: Argon2Params) -> Argon2Params:
    """Set the cost of new records in this process; return the former one."""
    global _default
    former, _default = _default, params
    return former


def set_argon2_limit(limit: int) -> None:
    """Set how many Argon2 runs may be under way in this process (64 MiB each)."""
    global _slots
    _slots = threading.BoundedSemaphore(limit)


@contextmanager
def _slot():
    slots = _slots
    if not slots.acquire(timeout=_WAIT_SECONDS):
        raise TooBusy("too many passwords are being checked")
    try:
        yield
    finally:
        slots.release()


def _stretch(password: str, salt: bytes, params: Argon2Params) -> bytes:
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    with _slot():
        return hash_secret_raw(
            secret=secret,
            salt=salt,
            time_cost=params.passes,
            memory_cost=params.memory_kib,
            parallelism=params.lanes,
            hash_len=32,
            type=Type.ID,
        )


def seal_bundle(bundle: KeyBundle, key: bytes, suite: Suite, user_id: str) -> bytes:
    """Wrap a bundle, bound to suite and account."""
    return suite.seal(key, bundle.to_bytes(), bound_to(suite, user_id))


def open_bundle(wrapped: bytes, key: bytes, suite: Suite, user_id: str) -> KeyBundle:
    """Open ``seal_bundle``; InvalidTag, UnknownSuite."""
    return KeyBundle.from_bytes(suite.open(key, wrapped, bound_to(suite, user_id)))


def new_password_record(
    password: str,
    pepper: bytes,
    bundle: KeyBundle | None = None,
    params: Argon2Params | None = None,
    *,
    user_id: str,
) -> PasswordRecord:
    """Make the record of a new password, with ``bundle`` wrapped under it if given.

    The record is bound to ``user_id``: it opens under no other account.
    Costs one Argon2 run; TooBusy.
    """
    params, suite = params or default_params(), PASSWORDS.current
    salt = os.urandom(16)
    stretched = _stretch(password, salt, params)
    verifier = derive(stretched, pepper, suite.name, "verifier", user_id)
    wrapped = None
    if bundle is not None:
        key = derive(stretched, pepper, suite.name, "wrap", user_id)
        wrapped = seal_bundle(bundle, key, suite, user_id)
    digest = hashlib.sha256(verifier).digest()
    return PasswordRecord(suite.name, params, salt, digest, wrapped)


def check_password(
    record: PasswordRecord, password: str, pepper: bytes, *, user_id: str
) -> PasswordCheck:
    """Check a password and open the bundle with the same, single Argon2 run.

    Raises UnknownSuite, DamagedRecord (right password, altered wrap), TooBusy.
    """
    suite = PASSWORDS.find(record.suite)
    stretched = _stretch(password, record.salt, record.params)
    verifier = derive(stretched, pepper, suite.name, "verifier", user_id)
    digest = hashlib.sha256(verifier).digest()
    if not hmac.compare_digest(digest, record.verifier_hash):
        return PasswordCheck(ok=False)
    bundle = None
    if record.wrapped is not None:
        key = derive(stretched, pepper, suite.name, "wrap", user_id)
        try:
            bundle = open_bundle(record.wrapped, key, suite, user_id)
        except InvalidTag:
            raise DamagedRecord("the wrapped keys were altered") from None
    return PasswordCheck(True, bundle, is_outdated(record))


def is_outdated(record: PasswordRecord | RecoveryRecord) -> bool:
    """Say whether a record of today would have another suite or cost."""
    if isinstance(record, RecoveryRecord):
        return record.suite != RECOVERIES.current.name
    today = (PASSWORDS.current.name, default_params())
    return (record.suite, record.params) != today


def burn() -> None:
    """Take as long as a check does: for log-in names that don't exist."""
    _stretch("burn", b"civisdata burn 1", default_params())


def slow_digest(text: str, salt: bytes, params: Argon2Params) -> bytes:
    """Return 32 bytes that take one Argon2 run for each guess; TooBusy."""
    return _stretch(text, salt, params)


def wrap_with_recovery_code(
    bundle: KeyBundle, code: str, user_id: str
) -> RecoveryRecord:
    """Wrap ``bundle`` under a recovery code; InvalidRecoveryCode."""
    salt, suite = os.urandom(16), RECOVERIES.current
    material = normalise_recovery_code(code).encode()
    key = derive(material, salt, suite.name, "wrap", user_id)
    wrapped = seal_bundle(bundle, key, suite, user_id)
    return RecoveryRecord(suite.name, salt, wrapped)


def open_with_recovery_code(
    record: RecoveryRecord, code: str, user_id: str
) -> KeyBundle:
    """Open the bundle; UnknownSuite, InvalidRecoveryCode or WrongRecoveryCode."""
    suite = RECOVERIES.find(record.suite)
    material = normalise_recovery_code(code).encode()
    key = derive(material, record.salt, suite.name, "wrap", user_id)
    try:
        return open_bundle(record.wrapped, key, suite, user_id)
    except InvalidTag:
        raise WrongRecoveryCode("this recovery code doesn't open it") from None
