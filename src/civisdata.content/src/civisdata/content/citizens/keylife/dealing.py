"""Choosing trusted persons: shares of a secret that wraps the keys.

The secret is drawn, shared and forgotten: nobody keeps it, not even the owner. So it is
drawn afresh whenever persons or keys change.
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import is_closing
from civisdata.content.citizens.account_record import recipient_keys
from civisdata.content.citizens.accounts import is_active
from civisdata.content.citizens.addresses import login_of
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keylife import noted
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.keylife.shamir import Share
from civisdata.content.citizens.keylife.shamir import split
from civisdata.content.citizens.keylife.trust import Circle
from civisdata.content.citizens.keylife.trust import Held
from civisdata.content.citizens.keylife.trust import Member
from civisdata.content.citizens.passwords import is_citizen_login
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.resealers import register_resealer
from civisdata.content.citizens.suites import chacha
from civisdata.content.citizens.suites import derive
from civisdata.content.citizens.suites import Suites
from collections.abc import Sequence
from typing import Any
import json
import logging
import pyrage
import secrets


logger = logging.getLogger(__name__)

FEWEST, MOST = 2, 5
TRUSTED = Suites(chacha("civis-trusted-1"))


def wrap_with_secret(bundle: keys.KeyBundle, secret: bytes, user_id: str) -> dict:
    """Wrap the keys under a shared secret; plain data for the ZODB."""
    suite, salt = TRUSTED.current, secrets.token_bytes(16)
    key = derive(secret, salt, suite.name, "wrap", user_id)
    wrapped = keys.seal_bundle(bundle, key, suite, user_id)
    return {"suite": suite.name, "salt": salt, "wrapped": wrapped}


def open_with_secret(record: dict, secret: bytes, user_id: str) -> keys.KeyBundle:
    """Open ``wrap_with_secret``; InvalidTag, UnknownSuite."""
    suite = TRUSTED.find(record["suite"])
    key = derive(secret, record["salt"], suite.name, "wrap", user_id)
    return keys.open_bundle(record["wrapped"], key, suite, user_id)


def seal_share(share: Share, record: dict, owner_id: str, recipient: str) -> bytes:
    """Seal a share to a recipient (``age1…``), bound to owner and deal: an age file."""
    content = {
        "suite": record["suite"],
        "owner": owner_id,
        "deal": record["salt"].hex(),
        "index": share.index,
        "share": share.data.hex(),
    }
    to = pyrage.x25519.Recipient.from_str(recipient)
    return pyrage.encrypt(json.dumps(content).encode(), [to])


def open_share(
    sealed: bytes, record: dict, owner_id: str, bundle: keys.KeyBundle
) -> Share:
    """Open ``seal_share``; ValueError where it isn't of this owner and deal."""
    identity = pyrage.x25519.Identity.from_str(bundle.identity)
    try:
        content = json.loads(pyrage.decrypt(sealed, [identity]))
        if (content["owner"], content["deal"]) != (owner_id, record["salt"].hex()):
            raise ValueError("a share of another owner or deal")
        return Share(content["index"], bytes.fromhex(content["share"]))
    except (pyrage.DecryptError, KeyError, TypeError) as error:
        raise ValueError("a share that doesn't open") from error


def set_up(
    space: Any, spaces: Any, bundle: keys.KeyBundle, typed: Sequence[str], k: int
) -> list[Any]:
    """Name the trusted persons by login or standard address; return whom there are.

    Whether a name exists makes no difference for who asks: the offer of a name that
    nobody has is never accepted. Refused.
    """
    logins = _checked(space, spaces, typed, k)
    if trust.circle_of(space) is not None:
        raise Refused(_("You have trusted persons already."))
    found = [_somebody(spaces, login) for login in logins]
    members = tuple(
        Member(trust.new_id(), None if person is None else person.getId())
        for person in found
    )
    circle = Circle(k, members, clock.now())
    names = {member.id: login for member, login in zip(members, logins, strict=True)}
    circle.names = trust.seal_names(bundle, space.getId(), names)
    trust.ensure_trust(space).circle = circle
    for member, person in zip(members, found, strict=True):
        if person is not None:
            held = Held(member.id, space.getId())
            trust.ensure_trust(person).held[member.id] = held
    deal(space, spaces, bundle)
    note(space, noted.NAMED, count=len(members))
    return [person for person in found if person is not None]


def _checked(space: Any, spaces: Any, typed: Sequence[str], k: int) -> list[str]:
    logins = {}
    for number, text in enumerate(typed, start=1):
        login, field = login_of(spaces.__parent__, text), f"person{number}"
        if not text.strip():
            continue
        if not is_citizen_login(login):
            raise Refused(
                _("A login looks like c-7kq4m2xz: ask this person for it."), field
            )
        if login == space.login:
            raise Refused(_("This is your own login."), field)
        if login in logins:
            raise Refused(_("You have named this person twice."), field)
        logins[login] = field
    if not FEWEST <= len(logins) <= MOST:
        raise Refused(_("Name two to five persons."), "person1")
    if not FEWEST <= k <= len(logins):
        raise Refused(
            _("Two persons at least are needed, and no more than you name."), "needed"
        )
    return list(logins)


def _somebody(spaces: Any, login: str) -> Any:
    space = spaces.space_by_login(login)
    if space is None or not is_active(space) or is_closing(space):
        return None
    if get_account(space).disabled:
        return None
    return space


def deal(space: Any, spaces: Any, bundle: keys.KeyBundle) -> None:
    """Draw a new secret, wrap the keys under it and give each member a share."""
    circle, owner_id = trust.circle_of(space), space.getId()
    secret = secrets.token_bytes(32)
    circle.record = wrap_with_secret(bundle, secret, owner_id)
    shares = split(secret, circle.k, len(circle.members))
    for member, share in zip(circle.members, shares, strict=True):
        held = trust.held_of(spaces, member)
        person = None if held is None else spaces.get_space(member.space_id)
        public = None if person is None else recipient_keys(person)
        if public is None:
            # As much work as for somebody: the time must not tell.
            public = keys.KeyBundle.new().public
        sealed = seal_share(share, circle.record, owner_id, public.recipient)
        if held is not None:
            held.share = sealed


def remove(space: Any, spaces: Any, bundle: keys.KeyBundle, member_id: str) -> None:
    """Do without a person: the share is taken back, the others get new ones; Refused."""
    circle = trust.circle_of(space)
    if circle is None or member_id not in {one.id for one in circle.members}:
        raise Refused(_("This person is no longer on your list."))
    if not may_remove(circle):
        raise Refused(
            _("Too few persons would be left. End it, then choose persons anew.")
        )
    names = trust.open_names(bundle, space.getId(), circle.names)
    names.pop(member_id, None)
    kept = tuple(one for one in circle.members if one.id != member_id)
    for member in circle.members:
        if member.id == member_id:
            _take_back(spaces, member)
    fresh = Circle(circle.k, kept, circle.made)
    fresh.accepted = circle.accepted - {member_id}
    fresh.names = trust.seal_names(bundle, space.getId(), names)
    trust.ensure_trust(space).circle = fresh
    deal(space, spaces, bundle)
    note(space, noted.REMOVED)


def may_remove(circle: Circle) -> bool:
    """Say whether enough persons are left without one of them."""
    return len(circle.members) > max(circle.k, FEWEST)


def end(space: Any, spaces: Any) -> None:
    """Do without trusted persons; their shares are taken back."""
    circle = trust.circle_of(space)
    if circle is None:
        return
    for member in circle.members:
        _take_back(spaces, member)
    trust.ensure_trust(space).circle = None
    note(space, noted.ENDED)


def _take_back(spaces: Any, member: Member) -> None:
    held = trust.held_of(spaces, member)
    if held is not None:
        held.share = b""
        del trust.ensure_trust(spaces.get_space(member.space_id)).held[member.id]


def _mine(space: Any, spaces: Any, held_id: str) -> tuple[Held, Any]:
    for held, owner in trust.held_for_others(spaces, space):
        if held.id == held_id:
            return held, owner
    raise Refused(_("This person no longer counts on you."))


def accept(space: Any, spaces: Any, held_id: str) -> None:
    """Say yes to an offer; Refused where it was taken back."""
    held, owner = _mine(space, spaces, held_id)
    held.accepted = True
    circle = trust.circle_of(owner)
    circle.accepted |= {held.id}
    note(space, noted.ACCEPTED)


def leave(space: Any, spaces: Any, held_id: str) -> None:
    """Refuse an offer, or end one's help; the share is erased."""
    held, owner = _mine(space, spaces, held_id)
    held.share = b""
    trust.circle_of(owner).forget_person(held.id)
    del trust.ensure_trust(space).held[held.id]
    note(space, noted.LEFT)


@register_resealer
def deal_again(space: Any, old: keys.KeyBundle, new: keys.KeyBundle) -> None:
    """Keys are replaced: draw a new secret, and seal what is held for others again."""
    spaces = space.__parent__
    own = trust.get_trust(space)
    for held, owner in trust.held_for_others(spaces, space):
        record = trust.circle_of(owner).record
        try:
            share = open_share(held.share, record, held.owner_id, old)
        except ValueError:
            logger.error("integrity: share %s keeps its former keys", held.id)
            continue
        recipient = new.public.recipient
        held.share = seal_share(share, record, held.owner_id, recipient)
    if own.circle is not None:
        names = trust.open_names(old, space.getId(), own.circle.names)
        own.circle.names = trust.seal_names(new, space.getId(), names)
        own.circle.request = None
        deal(space, spaces, new)


def forget_all(space: Any) -> None:
    """Keys are given up: shares sealed to them, and the own circle, are worth nothing."""
    spaces = space.__parent__
    end(space, spaces)
    held = trust.get_trust(space).held
    if held:
        held.clear()


def leave_circles(space: Any) -> None:
    """Be nobody's trusted person any more; no owner keeps who it was."""
    for held, owner in list(trust.held_for_others(space.__parent__, space)):
        held.share = b""
        trust.circle_of(owner).forget_person(held.id)
    held = trust.get_trust(space).held
    if held:
        held.clear()
