"""Getting keys back with the help of trusted persons.

The citizen, whose new password opens the account but not the documents, calls for help.
Nothing is given out for some days, and the citizen is written to: an impostor is
noticed. Then each person who knows by voice that it is the citizen types the code that
is read out, and gives the share on, sealed to a key that only the caller's password
opens. With enough of them, the keys are open.

The code is worked out from that key by Argon2: whoever puts another key in its place in
the database gets another code, and can't try many.
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.accounts import pepper
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.storage import RECIPIENT
from civisdata.content.citizens.journal.storage import UNKNOWN
from civisdata.content.citizens.keylife import noted
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.keylife.dealing import deal
from civisdata.content.citizens.keylife.dealing import open_share
from civisdata.content.citizens.keylife.dealing import open_with_secret
from civisdata.content.citizens.keylife.dealing import seal_share
from civisdata.content.citizens.keylife.shamir import combine
from civisdata.content.citizens.keylife.shamir import Share
from civisdata.content.citizens.keylife.trust import Circle
from civisdata.content.citizens.keylife.trust import Request
from civisdata.content.citizens.passwords import check_verifier
from civisdata.content.citizens.passwords import normalise_login
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.settings import account_setting
from civisdata.content.citizens.unlocking import is_locked
from civisdata.content.citizens.unlocking import unlocked
from cryptography.exceptions import InvalidTag
from itertools import combinations
from typing import Any
import hashlib
import hmac
import logging


logger = logging.getLogger(__name__)

#: Days for which a call stands, once persons may answer it.
DAYS = 14
#: Wrong codes that a person may type for one call.
TRIES = 5
#: Calls of one citizen in a day (seconds): each of them is written about to many.
MAX_CALLS, DAY = 3, 86400
#: Of the code, and what each guess at a key that has the same one costs. Neither lies in
#: the database: whoever can write there would make guessing cheap.
DIGITS = 12
CODE_COST = keys.Argon2Params(64 * 1024, 3, 1)
_NO_CALL = _("There is no call for help under way.")


def may_ask(space: Any, spaces: Any) -> bool:
    """Say whether trusted persons could open these documents again."""
    circle = trust.circle_of(space)
    return (
        circle is not None
        and not circle.barred
        and is_locked(space)
        and len(trust.helpers_of(spaces, circle)) >= circle.k
    )


def call_of(space: Any) -> Request | None:
    """Return the call that stands: not too old, and of the password that counts."""
    circle, account = trust.circle_of(space), get_account(space)
    call = None if circle is None else circle.request
    if call is None or account is None or not is_locked(space):
        return None
    if account.changed > call.asked or clock.now() > answered_from(call) + DAYS * 86400:
        return None
    return call


def answered_from(call: Request) -> float:
    """Return from when persons may answer (seconds since 1970)."""
    return call.asked + account_setting("start_anew_hours") * 3600


def _caller(space: Any) -> str:
    """Return what the key of a call is bound to, beside the password."""
    return f"{space.getId()} calls for help"


def ask(space: Any, spaces: Any, current: str) -> str:
    """Call for help; return the code to read out to each person. Refused."""
    need_current(space, current)
    if call_of(space) is not None:
        raise Refused(_("You have called for help already."))
    if not may_ask(space, spaces):
        raise Refused(_("Your trusted persons cannot help at the moment."))
    _count_call(space)
    bundle = keys.KeyBundle.new()
    record = keys.new_password_record(current, pepper(), bundle, user_id=_caller(space))
    call = Request(bundle.public.exchange, record.to_dict(), clock.now())
    trust.circle_of(space).request = call
    note(space, noted.CALLED)
    return code_for(call.public, call)


def _count_call(space: Any) -> None:
    """Count a call; Refused where there were many. Taking one back doesn't uncount it."""
    found, now = trust.ensure_trust(space), clock.now()
    calls = tuple(at for at in found.calls if at > now - DAY)
    if len(calls) >= MAX_CALLS:
        raise Refused(
            _(
                "You have called for help several times since yesterday. Try again "
                "tomorrow."
            )
        )
    found.calls = (*calls, now)


def code_for(public: bytes, call: Request) -> str:
    """Return the code of a call's key, as « 4827 1950 3316 »."""
    salt = hashlib.sha256(f"civisdata call {call.id}".encode()).digest()[:16]
    digest = keys.slow_digest(public.hex(), salt, CODE_COST)
    digits = f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}}"
    return " ".join(digits[place : place + 4] for place in range(0, DIGITS, 4))


def _open_call(space: Any, current: str) -> tuple[Request, keys.KeyBundle]:
    need_current(space, current)
    call = call_of(space)
    if call is None:
        raise Refused(_NO_CALL)
    record = keys.PasswordRecord.from_dict(call.record)
    try:
        found = keys.check_password(record, current, pepper(), user_id=_caller(space))
    except keys.DamagedRecord:
        found = keys.PasswordCheck(ok=False)
    if found.bundle is None:
        raise Refused(
            _("This call can no longer be opened. Cancel it, and call for help anew.")
        )
    return call, found.bundle


def code_again(space: Any, current: str) -> str:
    """Return the code of the standing call once more: of the key that will be used."""
    call, bundle = _open_call(space, current)
    return code_for(bundle.public.exchange, call)


def cancel(space: Any) -> None:
    """Take the call back."""
    circle = trust.circle_of(space)
    if circle is not None and circle.request is not None:
        circle.request = None
        note(space, noted.CALL_CANCELLED)


def cancel_with_former_password(spaces: Any, login: str, password: str) -> Any:
    """Take a call back for who types the password of before; return the space or None.

    Costs an Argon2 run where a call stands, and none elsewhere. Whoever has the former
    password needs no help: no more calls then, until the documents were unlocked.
    """
    space = spaces.space_by_login(normalise_login(login))
    if space is None or call_of(space) is None:
        return None
    previous = get_account(space).previous
    if previous is None:
        return None
    if not check_verifier(previous, password, pepper(), space.getId()):
        return None
    circle = trust.circle_of(space)
    circle.request, circle.barred = None, True
    note(space, noted.CALL_BARRED, actor=UNKNOWN)
    return space


def calls_for(space: Any, spaces: Any) -> list[tuple[trust.Held, Any, Request]]:
    """Return the calls that a person can answer, now or soon: share, owner and call."""
    found = []
    for held, owner in trust.held_for_others(spaces, space):
        call = call_of(owner)
        if held.accepted and call is not None and held.id not in call.released:
            found.append((held, owner, call))
    return found


def _called(space: Any, spaces: Any, held_id: str) -> tuple:
    for found in calls_for(space, spaces):
        if found[0].id == held_id:
            return found
    raise Refused(_NO_CALL)


def tries_left(held: trust.Held, call: Request) -> int:
    """Return how many codes may still be typed."""
    call_id, count = held.tries
    return TRIES - count if call_id == call.id else TRIES


def confirm(
    space: Any, spaces: Any, bundle: keys.KeyBundle, held_id: str, typed: str
) -> Any:
    """Give one's share on, for who read out the right code; return the owner's space.

    A wrong code is counted: what was changed has to be stored also when it is Refused.
    """
    held, owner, call = _called(space, spaces, held_id)
    if clock.now() < answered_from(call):
        raise Refused(
            _("It is too early: the delay protects this person from a thief.")
        )
    left = tries_left(held, call)
    if left <= 0:
        raise Refused(_("Too many wrong codes. This person has to call for help anew."))
    digits = "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())
    right = code_for(call.public, call).replace(" ", "")
    if not hmac.compare_digest(digits, right):
        held.tries = (call.id, TRIES - left + 1)
        raise Refused(
            _(
                "This isn't the code of this call. Was it read out to you by the person "
                "you know?"
            ),
            f"code-{held.id}",
        )
    circle = trust.circle_of(owner)
    try:
        share = open_share(held.share, circle.record, held.owner_id, bundle)
    except ValueError:
        logger.error("integrity: share %s doesn't open", held.id)
        raise Refused(_("Your share doesn't open any more.")) from None
    to = keys.PublicKeys(call.public, b"").recipient
    sealed = seal_share(share, circle.record, held.owner_id, to)
    call.released = {**call.released, held.id: sealed}
    note(space, noted.SHARE_GIVEN)
    note(owner, noted.CALL_ANSWERED, actor=RECIPIENT)
    return owner


def deny(space: Any, spaces: Any, held_id: str) -> Any:
    """Say that it isn't the person; the call ends. Return the owner's space; Refused."""
    _held, owner, _call = _called(space, spaces, held_id)
    trust.circle_of(owner).request = None
    note(space, noted.CALL_REFUSED)
    note(owner, noted.CALL_DENIED, actor=RECIPIENT)
    return owner


def is_answered(space: Any) -> bool:
    """Say whether enough persons have answered."""
    call = call_of(space)
    return call is not None and len(call.released) >= trust.circle_of(space).k


def recover(space: Any, spaces: Any, current: str) -> keys.KeyBundle:
    """Open the keys with the shares given on; wrap them under the current password.

    The persons get new shares: the secret of the old ones has served. Refused.
    """
    call, bundle = _open_call(space, current)
    circle = trust.circle_of(space)
    if len(call.released) < circle.k:
        raise Refused(_("Not enough of your trusted persons have answered yet."))
    found = _keys_of(space, circle, _shares(space, circle, call, bundle))
    if found is None:
        logger.error("integrity: the shares for %s give no keys", space.getId())
        raise Refused(
            _("What your trusted persons gave on doesn't open your documents.")
        )
    unlocked(space, current, found, noted.HELPED)
    deal(space, spaces, found)
    return found


def _shares(
    space: Any, circle: Circle, call: Request, bundle: keys.KeyBundle
) -> list[Share]:
    shares = {}
    for sealed in call.released.values():
        try:
            share = open_share(sealed, circle.record, space.getId(), bundle)
        except ValueError:
            continue
        shares[share.index] = share
    return list(shares.values())


def _keys_of(space: Any, circle: Circle, shares: list[Share]) -> keys.KeyBundle | None:
    """Try each ``k`` of the shares: a damaged one doesn't spoil the others."""
    for some in combinations(shares, circle.k):
        try:
            return open_with_secret(circle.record, combine(some), space.getId())
        except (InvalidTag, ValueError):
            continue
    return None


def forget_calls(space: Any) -> None:
    """The documents are open again: no call stands, and later ones are possible."""
    circle = trust.circle_of(space)
    if circle is not None:
        circle.request, circle.barred = None, False
