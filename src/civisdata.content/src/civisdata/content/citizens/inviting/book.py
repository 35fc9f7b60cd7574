"""Addresses that must not be invited, as keyed hashes.

The key is the server's pepper, which lies outside the database and its backups: a copy of
the database names nobody. Who asked for no invitations stays here until the portal ends;
who was invited, for thirty days.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from BTrees.OOBTree import OOTreeSet
from civisdata.content.checks import parse_email
from civisdata.content.citizens.accounts import pepper
from persistent import Persistent
import base64
import hashlib
import hmac
import re


#: Days within which nobody is invited twice, by whomever.
QUIET_DAYS = 30

_DAY = 86400
_LABEL = b"civisdata invitations 1\0"
_ATTRIBUTE = "_invitation_book"
_MARK = re.compile(r"[a-z2-7]{32}")


def mark_of(email: str) -> str:
    """Return the keyed hash of an address; FieldError where it isn't one."""
    data = _LABEL + parse_email(email).casefold().encode()
    digest = hmac.digest(pepper(), data, hashlib.sha256)[:20]
    return base64.b32encode(digest).decode().lower()


def _mac(mark: str) -> str:
    data = b"civisdata no invitations 1\0" + mark.encode()
    return hmac.new(pepper(), data, hashlib.sha256).hexdigest()[:32]


def stop_token(mark: str) -> str:
    """Return what the link that ends invitations holds."""
    return f"{mark}.{_mac(mark)}"


def mark_to_stop(token: str) -> str | None:
    """Return the mark of such a link; None for any other text."""
    mark, _dot, mac = token.strip().lower().partition(".")
    if not _MARK.fullmatch(mark):
        return None
    right = hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(mark).encode())
    return mark if right else None


class InvitationBook(Persistent):
    """Marks of addresses: never to be invited, and invited lately."""

    def __init__(self) -> None:
        self.stopped = OOTreeSet()
        self.lately = OOBTree()
        self.ends = OOTreeSet()

    def may_invite(self, mark: str, now: float) -> bool:
        """Say whether an address may be written to."""
        return mark not in self.stopped and self.lately.get(mark, 0) <= now

    def note(self, mark: str, now: float) -> None:
        """Note that an address is written to."""
        self.forget(now)
        until = now + QUIET_DAYS * _DAY
        self.lately[mark] = until
        self.ends.insert((until, mark))

    def stop(self, mark: str) -> bool:
        """Never write to an address again; False where that was so already."""
        self.lately.pop(mark, None)
        return bool(self.stopped.insert(mark))

    def forget(self, now: float) -> None:
        """Drop marks whose time is over."""
        for until, mark in list(self.ends.keys(None, (now, ""))):
            self.ends.remove((until, mark))
            if self.lately.get(mark, 0) <= now:
                self.lately.pop(mark, None)


def book_of(spaces, create: bool = False) -> InvitationBook:
    """Return the book; ``create`` where it will be written to."""
    found = getattr(aq_base(spaces), _ATTRIBUTE, None)
    if found is None:
        found = InvitationBook()
        if create:
            setattr(aq_base(spaces), _ATTRIBUTE, found)
    return found
