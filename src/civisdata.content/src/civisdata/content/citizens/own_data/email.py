"""A new e-mail address: it counts once its link was followed by the citizen, logged in.

The former address is told, with a link that stops the change, or puts it back for some
days. Tokens are random and stored as hashes; each works once. Whether an address belongs
to somebody else is told to nobody but that address.
"""

from civisdata.content import _
from civisdata.content.checks import email_key
from civisdata.content.checks import FieldError
from civisdata.content.checks import parse_email
from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.storage import UNKNOWN
from civisdata.content.citizens.own_data import noted
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registrations import change_by_citizen
from civisdata.content.citizens.registrations import find
from civisdata.content.citizens.registrations import registration_of
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
import hashlib
import hmac
import secrets


HOUR = 3600
#: For how long the link to the new address works, and the one that puts back.
CONFIRM_HOURS = 24
BACK_DAYS = 7

#: New addresses that one citizen may ask for in a day.
MOST_ASKED = 5

BAD_LINK = _("This link has expired or was used already, or is not for you.")


@dataclass(frozen=True)
class Change:
    """``email`` waits to be confirmed or, once ``done``, is the former one.

    ``confirm`` and ``stop`` are SHA-256 of the tokens, ``until`` seconds since 1970.
    """

    email: str
    confirm: bytes
    stop: bytes
    until: float
    done: bool = False


@dataclass(frozen=True)
class Links:
    """Tokens of the two links; ``confirm`` is empty where nobody is to confirm."""

    email: str
    confirm: str
    stop: str


def change_of(space: Any) -> Change | None:
    """Return the change that is under way, or was done lately."""
    stored = need_account(space).email_change
    return None if stored is None else Change(**stored)


def waiting(space: Any) -> str:
    """Return the address that waits to be confirmed; empty where none does."""
    change = change_of(space)
    if change is None or change.done or change.until < clock.now():
        return ""
    return change.email


def ask(space: Any, typed: str) -> Links:
    """Ask for a new address; return where it goes, and the tokens; Refused.

    A former wish ends. The tokens are for the letters alone.
    """
    try:
        address = parse_email(typed)
    except FieldError as error:
        raise Refused(error.message, "email") from None
    if email_key(address) == email_key(registration_of(space).email):
        raise Refused(_("This is your address already."), "email")
    _count(space)
    known = find(space.__parent__, address)
    confirm, stop = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    until = clock.now() + CONFIRM_HOURS * HOUR
    # As much is stored for an address that is taken: nothing tells it.
    _keep(space, Change(address, _digest(confirm), _digest(stop), until))
    note(space, noted.EMAIL_ASKED)
    space_id = space.getId()
    mine = f"{space_id}.{confirm}" if known is None else ""
    return Links(address, mine, f"{space_id}.{stop}")


def _count(space: Any) -> None:
    """Refuse to write to many addresses in a day."""
    account, now = need_account(space), clock.now()
    recent = tuple(at for at in account.email_asked if at > now - 24 * HOUR)
    if len(recent) >= MOST_ASKED:
        raise Refused(
            _("You have asked for this several times today. Try again tomorrow."),
            "email",
        )
    account.email_asked = (*recent, now)


def confirm(space: Any, ticket: str) -> Links:
    """Let the new address count, with its token; ``space`` is the session's own.

    Returns the former address, and the token that puts it back. Refused, always with
    the same message.
    """
    space_id, _dot, token = ticket.partition(".")
    change = change_of(space)
    if space_id != space.getId() or change is None or change.done:
        raise Refused(BAD_LINK)
    if not _is(token, change.confirm) or change.until < clock.now():
        raise Refused(BAD_LINK)
    former, stop = registration_of(space).email, secrets.token_urlsafe(32)
    _set(space, change.email)
    until = clock.now() + BACK_DAYS * 24 * HOUR
    _keep(space, Change(former, b"", _digest(stop), until, done=True))
    note(space, noted.EMAIL_CHANGED)
    return Links(former, "", f"{space_id}.{stop}")


def stop(spaces: Any, ticket: str) -> bool:
    """Stop a change, or put the former address back, with the token sent to it.

    Says whether a session may be somebody else's: they end then. Refused.
    """
    from civisdata.content.citizens.current import session_service

    space_id, _dot, token = ticket.partition(".")
    space = spaces.get_space(space_id)
    change = None if space is None else change_of(space)
    if change is None or not _is(token, change.stop) or change.until < clock.now():
        raise Refused(BAD_LINK)
    if change.done:
        _set(space, change.email)
        session_service().end_all(space_id)
        note(space, noted.EMAIL_PUT_BACK, actor=UNKNOWN)
    else:
        note(space, noted.EMAIL_STOPPED, actor=UNKNOWN)
    _keep(space, None)
    return change.done


def drop(space: Any) -> None:
    """Take one's own wish back."""
    if waiting(space):
        _keep(space, None)
        note(space, noted.EMAIL_STOPPED)


def _set(space: Any, address: str) -> None:
    other = find(space.__parent__, address)
    if other is not None and other.getId() != space.getId():
        # Somebody has signed up with it meanwhile.
        raise Refused(BAD_LINK)
    change_by_citizen(space, "email", email=address)
    need_account(space).reset_hash = None


def _keep(space: Any, change: Change | None) -> None:
    need_account(space).email_change = None if change is None else asdict(change)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _is(token: str, stored: bytes) -> bool:
    return bool(stored) and hmac.compare_digest(_digest(token), stored)
