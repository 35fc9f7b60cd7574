"""What is stored of a citizen's second factor: nothing that a copy of the database gives.

Secrets of apps and names of passkeys are sealed with a key made from the pepper, which
lies outside the database; single-use codes are hashed. So the second factor outlives a
forgotten password, and is asked for after a new one too.
"""

from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.accounts import pepper
from civisdata.content.citizens.suites import bound_to
from civisdata.content.citizens.suites import chacha
from civisdata.content.citizens.suites import derive
from civisdata.content.citizens.suites import Suites
from dataclasses import asdict
from dataclasses import dataclass
from persistent import Persistent
from typing import Any
from typing import Self


SECONDS = Suites(chacha("civis-second-1"))


@dataclass(frozen=True)
class Sealed:
    """A few bytes that only this server reads, for one account."""

    suite: str
    data: bytes

    @classmethod
    def new(cls, space, clear: bytes) -> Self:
        suite = SECONDS.current
        key, bound = _key(space), bound_to(suite, space.getId())
        return cls(suite.name, suite.seal(key, clear, bound))

    def open(self, space) -> bytes:
        """Return the clear bytes; InvalidTag, UnknownSuite."""
        suite = SECONDS.find(self.suite)
        return suite.open(_key(space), self.data, bound_to(suite, space.getId()))


def _key(space) -> bytes:
    return derive(pepper(), space.getId().encode(), "second factor")


@dataclass(frozen=True)
class Passkey:
    """A passkey: id and public key, as its maker gave them; times in s since 1970.

    ``site`` is the host name it was made for; ``count`` what it said of its uses.
    """

    id: bytes
    key: bytes
    site: str
    name: Sealed
    made: float
    count: int = 0
    used: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "name": Sealed(**data["name"])})


class SecondFactor(Persistent):
    """The second factor of one account; times in seconds since 1970.

    ``since``: when it came into force. ``app_step``: the step of time of the last code
    that was taken. ``challenge``: what a new passkey has to sign, see ``passkeys``.
    """

    since: float | None = None
    _app: dict | None = None
    app_since = 0.0
    app_step = 0
    #: An app that was shown its secret, but has not given a code yet; until when.
    _pending: dict | None = None
    pending_until = 0.0
    challenge: dict | None = None
    codes_salt = b""
    codes: tuple[bytes, ...] = ()
    codes_made = 0.0
    _passkeys: tuple[dict, ...] = ()

    @property
    def active(self) -> bool:
        return self._app is not None or bool(self._passkeys)

    @property
    def app(self) -> Sealed | None:
        """The secret of the app in force."""
        return None if self._app is None else Sealed(**self._app)

    @app.setter
    def app(self, sealed: Sealed | None) -> None:
        self._app = None if sealed is None else asdict(sealed)

    @property
    def pending(self) -> Sealed | None:
        return None if self._pending is None else Sealed(**self._pending)

    @pending.setter
    def pending(self, sealed: Sealed | None) -> None:
        self._pending = None if sealed is None else asdict(sealed)

    @property
    def passkeys(self) -> list[Passkey]:
        return [Passkey.from_dict(row) for row in self._passkeys]

    @passkeys.setter
    def passkeys(self, rows: list[Passkey]) -> None:
        self._passkeys = tuple(row.to_dict() for row in rows)

    def __repr__(self) -> str:
        return "<SecondFactor (redacted)>"


def factor_of(space) -> SecondFactor:
    """Return the second factor of a space; an empty one, not kept, where there is none."""
    account = get_account(space)
    if account is None or account.second is None:
        return SecondFactor()
    return account.second


def need_factor(space) -> SecondFactor:
    """Return the second factor of a space, made where it is missing."""
    account = need_account(space)
    if account.second is None:
        account.second = SecondFactor()
    return account.second


def is_active(space) -> bool:
    """Say whether something is asked after the password."""
    return factor_of(space).active
