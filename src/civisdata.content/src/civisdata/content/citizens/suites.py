"""Suites of algorithms: every record names the one that made it.

To bring a new suite: add it with ``current=True``. Records of the former one still open,
and are made again under the new one when their secret is next typed. A suite that was
ever current stays known.
"""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from dataclasses import dataclass
import os


_NONCE = 12


class UnknownSuite(ValueError):
    """A record names a suite of algorithms that this version doesn't know."""


@dataclass(frozen=True)
class Suite:
    """How the records of one name are sealed, with a key of 32 bytes.

    ``seal`` and ``open`` take key, data and what is bound to it. ``open`` raises
    InvalidTag where anything is wrong.
    """

    name: str
    seal: Callable[[bytes, bytes, bytes], bytes]
    open: Callable[[bytes, bytes, bytes], bytes]


class Suites:
    """The suites of one kind of record; new records get ``current``."""

    def __init__(self, first: Suite) -> None:
        self.current = first
        self._known = {first.name: first}

    def find(self, name: str) -> Suite:
        """Return a suite by name; UnknownSuite."""
        try:
            return self._known[name]
        except KeyError:
            raise UnknownSuite(name) from None

    def add(self, suite: Suite, current: bool = False) -> None:
        """Know one more suite; ``current``: new records get it."""
        self._known[suite.name] = suite
        if current:
            self.current = suite

    @contextmanager
    def trying(self, suite: Suite) -> Iterator[None]:
        """Have ``suite`` as the current one for a while: for tests of a migration."""
        former = self.current, dict(self._known)
        self.add(suite, current=True)
        try:
            yield
        finally:
            self.current, self._known = former


def derive(material: bytes, salt: bytes, *info: str) -> bytes:
    """Derive 32 bytes by HKDF-SHA-256, for just one use."""
    label = "\0".join(("civisdata", *info)).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=label).derive(material)


def bound_to(suite: Suite, user_id: str) -> bytes:
    """Return what binds a wrap to its suite and its account."""
    return f"{suite.name}\0{user_id}".encode()


def _seal(key: bytes, data: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, data, aad)


def _open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    return ChaCha20Poly1305(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)


def chacha(name: str) -> Suite:
    """Return a suite that seals with ChaCha20-Poly1305 under a random nonce."""
    return Suite(name, _seal, _open)


PASSWORDS = Suites(chacha("civis-password-1"))
RECOVERIES = Suites(chacha("civis-recovery-1"))
