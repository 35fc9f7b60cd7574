"""What is stored of a citizen's account: credentials, and no clear secret."""

from civisdata.content.citizens.keys import PasswordRecord
from civisdata.content.citizens.keys import PublicKeys
from civisdata.content.citizens.keys import RecoveryRecord
from dataclasses import replace
from persistent import Persistent
import transaction


#: How many former passwords can't be taken again.
REMEMBERED = 5


def _record(kind: type, name: str) -> property:
    """A record of ``keys``, kept as plain data under ``_name``."""
    stored = f"_{name}"

    def read(self):
        data = getattr(self, stored)
        return None if data is None else kind.from_dict(data)

    def write(self, record) -> None:
        setattr(self, stored, None if record is None else record.to_dict())

    return property(read, write)


class Account(Persistent):
    """The credentials of one citizen; times in seconds since 1970.

    ``first``: the password that was handed over, until its citizen chose another.
    ``previous``: the former password's record after a reset; its wrap still opens the
    vault. ``pending``: a recovery code that was shown, but not yet typed again.
    """

    _first = _password = _previous = _recovery = _pending = _public = None
    first_expires = 0.0
    changed = 0.0
    #: When the recovery code was confirmed and the space became active; None before.
    activated: float | None = None
    reset_hash: bytes | None = None
    reset_expires = 0.0
    reset_asked = 0.0
    #: When its citizen asked to start anew with an empty vault.
    anew_asked: float | None = None
    disabled = False
    #: New keys that wait for their recovery code; see ``keylife.renewal``.
    renewal: dict | None = None
    #: What is asked after the password; see ``secondfactor.record``.
    second = None
    _history: tuple = ()

    first = _record(PasswordRecord, "first")
    password = _record(PasswordRecord, "password")
    previous = _record(PasswordRecord, "previous")
    recovery = _record(RecoveryRecord, "recovery")
    pending = _record(RecoveryRecord, "pending")
    public = _record(PublicKeys, "public")

    def remember(self, record: PasswordRecord | None) -> None:
        """Keep the verifier of a password that must not be taken again."""
        if record is not None:
            bare = replace(record, wrapped=None).to_dict()
            self._history = (bare, *self._history)[:REMEMBERED]

    @property
    def history(self) -> list[PasswordRecord]:
        """The last passwords but the current ones, newest first."""
        return [PasswordRecord.from_dict(data) for data in self._history]

    def __repr__(self) -> str:
        return "<Account (redacted)>"


def get_account(space) -> Account | None:
    """Return the account of a space, or None before it was given one."""
    return space._account


def need_account(space) -> Account:
    """Return the account of a space, made where it is missing."""
    if space._account is None:
        space._account = Account()
    return space._account


def recipient_keys(space) -> PublicKeys | None:
    """Return the public keys to seal something to a citizen with, or None.

    Whoever stores what was sealed gets a conflict, and another try, where the citizen
    has replaced the keys meanwhile.
    """
    account = get_account(space)
    if account is None or account.public is None:
        return None
    hold_keys(account)
    return account.public


def hold_keys(account: Account) -> None:
    """Have the running transaction fail, to be tried again, if the account changes.

    Only where it stores something; transactions that just read cost nothing more.
    """
    connection = account._p_jar
    if connection is None:
        return

    def hold() -> None:
        if connection._registered_objects or connection._savepoint_storage is not None:
            account._p_activate()
            connection.readCurrent(account)

    transaction.get().addBeforeCommitHook(hold)
