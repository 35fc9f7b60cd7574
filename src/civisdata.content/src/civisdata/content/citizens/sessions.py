"""Sessions of citizens, outside the object database.

The cookie carries 32 random bytes. HKDF-SHA-256 gives from them the session's id, of
which only the SHA-256 is stored, and the key that wraps the opened keys of the citizen.
So neither the store nor the cookie opens a vault alone, and a copy of the store can't
be used to take over a session.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import UnknownSuite
from collections.abc import Callable
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from dataclasses import dataclass
from typing import Protocol
import hashlib
import os
import secrets
import time


SECRET_SIZE = 32
_NONCE = 12
_TOUCH_SECONDS = 60
_PURGE_SECONDS = 600

#: An ordinary session; its vault may be locked all the same.
OPEN = "open"
#: A first password was given: nothing but the steps of the activation is reached.
ACTIVATING = "activating"
#: The password is too old: nothing but its change is reached.
RENEWING = "renewing"
#: The password was right, the second factor is awaited: nothing but that is reached.
SECOND = "second"
STATES = (OPEN, ACTIVATING, RENEWING, SECOND)

#: How long a session waits for the second factor.
SECOND_SECONDS = 600


class StoreDown(RuntimeError):
    """The store of the sessions can't be reached."""


@dataclass(frozen=True)
class Row:
    """A session as it is stored; times in seconds since 1970."""

    id_hash: str
    user_id: str
    state: str
    created: float
    touched: float
    client: str
    wrapped: bytes | None


class Store(Protocol):
    """Where rows are kept: ``FileSessionStore`` or ``PostgresSessionStore``.

    Each method raises StoreDown where the store can't be reached.
    """

    def add(self, row: Row) -> None: ...

    def get(self, id_hash: str) -> Row | None: ...

    def touch(self, id_hash: str, now: float) -> None: ...

    def set_wrapped(self, id_hash: str, wrapped: bytes | None) -> bool:
        """Replace the wrapped keys; False where the session is gone."""

    def remove(self, id_hash: str) -> None: ...

    def remove_all(self, user_id: str, except_: str | None = None) -> int:
        """Remove a citizen's sessions but ``except_``; return how many."""

    def rows(self, user_id: str) -> list[Row]: ...

    def purge(self, touched_before: float, created_before: float) -> int:
        """Remove sessions last touched, or created, before; return how many."""


@dataclass(frozen=True)
class Limits:
    """How long a session lives, in seconds."""

    idle: float = 30 * 60
    absolute: float = 12 * 3600


def _ends(row: Row, touched: float, limits: Limits) -> float:
    """Return when a session last used at ``touched`` is over."""
    longest = SECOND_SECONDS if row.state == SECOND else limits.absolute
    return min(touched + limits.idle, row.created + longest)


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def id_hash(secret: bytes) -> str:
    """Return what the store knows a session by."""
    return hashlib.sha256(_derive(secret, b"civisdata session id")).hexdigest()


def _wrap(bundle: KeyBundle, secret: bytes, user_id: str) -> bytes:
    key = _derive(secret, b"civisdata session wrap")
    nonce = os.urandom(_NONCE)
    data = bundle.to_bytes()
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, data, user_id.encode())


class Session:
    """A session found by its cookie. Never stored, never pickled."""

    def __init__(self, row: Row, secret: bytes, ends: float) -> None:
        self.id_hash = row.id_hash
        self.user_id = row.user_id
        self.state = row.state
        self.created = row.created
        self.client = row.client
        #: Until when it lives if nothing more comes, in seconds since 1970.
        self.ends = ends
        self._wrapped = row.wrapped
        self._secret = secret

    @property
    def locked(self) -> bool:
        return self._wrapped is None

    def bundle(self) -> KeyBundle | None:
        """Open the citizen's keys.

        None while locked, or where the wrap was altered or is of an unknown version.
        """
        if self._wrapped is None:
            return None
        key = _derive(self._secret, b"civisdata session wrap")
        nonce, data = self._wrapped[:_NONCE], self._wrapped[_NONCE:]
        try:
            clear = ChaCha20Poly1305(key).decrypt(nonce, data, self.user_id.encode())
            return KeyBundle.from_bytes(clear)
        except (InvalidTag, UnknownSuite):
            return None

    def challenge(self) -> bytes:
        """Return 32 bytes that this session alone has, to be signed by a passkey."""
        return _derive(self._secret, b"civisdata session challenge")

    def __repr__(self) -> str:
        return f"<Session of {self.user_id} ({self.state})>"

    def __reduce__(self):
        raise TypeError("a Session is never pickled")


class Sessions:
    """What can be done with sessions, over a store and a clock (seconds since 1970)."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self.clock = clock
        self._purged = clock()

    def create(
        self,
        user_id: str,
        bundle: KeyBundle | None = None,
        state: str = OPEN,
        client: str = "",
        secret: bytes | None = None,
    ) -> bytes:
        """Create a session; return the 32 bytes for its cookie (``secret`` if given)."""
        if state not in STATES:
            raise ValueError(state)
        secret = secrets.token_bytes(SECRET_SIZE) if secret is None else secret
        now = self.clock()
        wrapped = None if bundle is None else _wrap(bundle, secret, user_id)
        if now - self._purged > _PURGE_SECONDS:
            self._purged = now
            self.purge()
        self.store.add(
            Row(id_hash(secret), user_id, state, now, now, client[:80], wrapped)
        )
        return secret

    def open(
        self, secret: bytes, limits: Limits | None = None, touch: bool = True
    ) -> Session | None:
        """Find the session of a cookie; None where unknown, ended or too old.

        Counts as use (written at most once a minute) unless ``touch`` is False.
        """
        if len(secret) != SECRET_SIZE:
            return None
        limits = limits or Limits()
        row = self.store.get(id_hash(secret))
        if row is None:
            return None
        now = self.clock()
        if now > _ends(row, row.touched, limits):
            self.store.remove(row.id_hash)
            return None
        touched = row.touched
        if touch:
            touched = now
            if now - row.touched >= _TOUCH_SECONDS:
                self.store.touch(row.id_hash, now)
        return Session(row, secret, _ends(row, touched, limits))

    def set_bundle(self, session: Session, bundle: KeyBundle | None) -> bool:
        """Unlock or lock a session; False where it has ended meanwhile."""
        secret, user_id = session._secret, session.user_id
        wrapped = None if bundle is None else _wrap(bundle, secret, user_id)
        session._wrapped = wrapped
        return self.store.set_wrapped(session.id_hash, wrapped)

    def end(self, session: Session | Row) -> None:
        self.store.remove(session.id_hash)

    def end_all(self, user_id: str, except_: Session | None = None) -> int:
        """End a citizen's sessions, but for one; return how many there were."""
        kept = None if except_ is None else except_.id_hash
        return self.store.remove_all(user_id, kept)

    def list(self, user_id: str, limits: Limits | None = None) -> list[Row]:
        """Return a citizen's living sessions, the one used last first."""
        limits, now = limits or Limits(), self.clock()
        rows = [
            row
            for row in self.store.rows(user_id)
            if now <= _ends(row, row.touched, limits)
        ]
        return sorted(rows, key=lambda row: row.touched, reverse=True)

    def purge(self, limits: Limits | None = None) -> int:
        """Remove what has expired; return how many."""
        limits, now = limits or Limits(), self.clock()
        return self.store.purge(now - limits.idle, now - limits.absolute)
