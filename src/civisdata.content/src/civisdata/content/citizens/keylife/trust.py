"""What a space keeps of trusted persons: its own circle, and shares held for others.

In clear are who helps whom, how many are needed, and times: a citizen who has lost all
keys must still be able to ask. What was typed as names lies sealed under the vault key.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import chacha
from civisdata.content.citizens.suites import derive
from collections.abc import Iterator
from cryptography.exceptions import InvalidTag
from dataclasses import dataclass
from persistent import Persistent
from typing import Any
import json
import secrets


_ATTRIBUTE = "_civisdata_trust"
_NAMES = chacha("civis-trusted-names-1")


@dataclass(frozen=True)
class Member:
    """A person of a circle; ``space_id`` is None where nobody has the name given."""

    id: str
    space_id: str | None


class Held(Persistent):
    """A share that a person holds for ``owner_id``: an age file for that person."""

    #: Wrong codes typed, and for which request.
    tries: tuple[str, int] = ("", 0)

    def __init__(self, id: str, owner_id: str) -> None:
        self.id = id
        self.owner_id = owner_id
        self.accepted = False
        self.share = b""


class Request(Persistent):
    """A citizen's call for help; ``public`` is the X25519 key that shares go to.

    ``record`` wraps the private half under the password that counts at the time.
    ``released``: shares sealed again to ``public``, by the member's id.
    """

    def __init__(self, public: bytes, record: dict, now: float) -> None:
        self.id = new_id()
        self.public = public
        self.record = record
        self.asked = now
        self.released: dict[str, bytes] = {}


class Circle(Persistent):
    """A citizen's trusted persons: ``k`` of ``members`` give the keys back.

    ``record``: the keys under the shared secret. ``accepted``: ids of members who have
    said yes, also where they have withdrawn since.
    """

    request: Request | None = None
    #: The former password was typed against a request: no more before an unlocking.
    barred = False

    def __init__(self, k: int, members: tuple[Member, ...], now: float) -> None:
        self.k = k
        self._members = tuple((member.id, member.space_id) for member in members)
        self.made = now
        self.accepted: frozenset[str] = frozenset()
        self.record: dict[str, Any] = {}
        self.names = b""

    def forget_person(self, member_id: str) -> None:
        """Keep the place of a member, but not who it was."""
        self._members = tuple(
            (one.id, None if one.id == member_id else one.space_id)
            for one in self.members
        )

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(Member(*values) for values in self._members)


class Trust(Persistent):
    """Both sides of one space."""

    circle: Circle | None = None
    #: When its citizen was last written to about an offer.
    told = 0.0
    #: When its citizen called for help in the last day.
    calls: tuple[float, ...] = ()

    def __init__(self) -> None:
        self.held = OOBTree()


def new_id() -> str:
    """Draw an id that says nothing."""
    return secrets.token_hex(16)


def get_trust(space: Any) -> Trust:
    """Return what a space keeps; empty and not stored where there is nothing."""
    trust = getattr(aq_base(space), _ATTRIBUTE, None)
    return Trust() if trust is None else trust


def ensure_trust(space: Any) -> Trust:
    """Return what a space keeps, made where there is nothing yet (this writes)."""
    trust = getattr(aq_base(space), _ATTRIBUTE, None)
    if trust is None:
        trust = Trust()
        setattr(aq_base(space), _ATTRIBUTE, trust)
    return trust


def circle_of(space: Any) -> Circle | None:
    return get_trust(space).circle


def held_of(spaces: Any, member: Member) -> Held | None:
    """Return what a member holds; None for nobody, and after a refusal."""
    space = None if member.space_id is None else spaces.get_space(member.space_id)
    return None if space is None else get_trust(space).held.get(member.id)


WAITING, ACCEPTED, WITHDRAWN = "waiting", "accepted", "withdrawn"


def state_of(spaces: Any, circle: Circle, member: Member) -> str:
    """Return how a member stands; a refusal looks like an answer that is to come."""
    if member.id not in circle.accepted:
        return WAITING
    return WITHDRAWN if held_of(spaces, member) is None else ACCEPTED


def helpers_of(spaces: Any, circle: Circle) -> list[Member]:
    """Return the members who can help today."""
    return [
        member
        for member in circle.members
        if state_of(spaces, circle, member) == ACCEPTED
    ]


def held_for_others(spaces: Any, space: Any) -> Iterator[tuple[Held, Any]]:
    """Give what a citizen holds, with the space of each owner who still counts on it."""
    for held in get_trust(space).held.values():
        owner = spaces.get_space(held.owner_id)
        circle = None if owner is None else circle_of(owner)
        if circle is not None and any(held.id == one.id for one in circle.members):
            yield held, owner


def seal_names(bundle: KeyBundle, space_id: str, names: dict[str, str]) -> bytes:
    """Seal what the owner typed, by member's id."""
    salt = secrets.token_bytes(16)
    key = derive(bundle.vault_key, salt, _NAMES.name)
    data = json.dumps(names, ensure_ascii=False).encode()
    return salt + _NAMES.seal(key, data, space_id.encode())


def open_names(bundle: KeyBundle, space_id: str, sealed: bytes) -> dict[str, str]:
    """Open ``seal_names``; empty where it was altered."""
    key = derive(bundle.vault_key, sealed[:16], _NAMES.name)
    try:
        return json.loads(_NAMES.open(key, sealed[16:], space_id.encode()))
    except (InvalidTag, ValueError):
        return {}
