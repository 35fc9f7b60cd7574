"""Partners and their API keys.

A key is shown once, when it is made; its SHA-256 is stored (it has 256 random bits, so
that a slow hash would add nothing). A partner is no user of the portal: a key opens
the services that ask for it, and to everything else whoever has it is a visitor.
"""

from Acquisition import aq_base
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree
from civisdata.content.citizens import clock
from civisdata.content.citizens.publishers import add_source
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.publishers import SERVICE
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from persistent import Persistent
import hashlib
import re
import secrets
import time


#: What a key may be good for.
DEPOSIT = "deposit"
SCOPES = (DEPOSIT,)

#: Uses of a partner that are kept, and how many are dropped at once beyond.
KEPT_USES = 5000
_DROPPED = 500
_PREFIX = "civis_"
_ATTRIBUTE = "_civisdata_partners"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class BadPartner(ValueError):
    """``reason``: ``id``, ``taken``, ``title`` or ``publisher``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ApiKey(Persistent):
    """One key; times in seconds since 1970."""

    def __init__(self, id: str, label: str, scopes: tuple[str, ...]) -> None:
        self.id = id
        self.label = label
        self.scopes = scopes
        self.active = True
        self.created = clock.now()

    def __repr__(self) -> str:
        return f"<ApiKey {self.id}>"


@dataclass(frozen=True)
class Use:
    """One use of a key: when, which, for what, and the answer's status."""

    date: float
    key_id: str
    action: str
    result: int


class Partner(Persistent):
    """A partner. It deposits under its own name, or for ``publisher_id``."""

    def __init__(self, id: str, title: str, publisher_id: str = "") -> None:
        self.id = id
        self.title = title
        self.publisher_id = publisher_id or f"{SERVICE}.{id}"
        self.active = True
        self.created = clock.now()
        self.keys = OOBTree()
        self._uses = LOBTree()

    @property
    def is_publisher(self) -> bool:
        """Whether citizens consent to the partner itself."""
        return self.publisher_id == f"{SERVICE}.{self.id}"

    def note_use(self, key_id: str, action: str, result: int) -> None:
        """Keep a line of the journal; no recipient, no document."""
        position = time.time_ns() // 1000
        while position in self._uses:
            position += 1
        self._uses[position] = (clock.now(), key_id, action, result)
        # Counting loads the tree: looked at now and then only.
        if not secrets.randbelow(_DROPPED) and len(self._uses) > KEPT_USES + _DROPPED:
            for old in list(islice(self._uses.keys(), _DROPPED)):
                del self._uses[old]

    def uses(self, count: int = 50) -> Iterator[Use]:
        """Give the last uses, the newest first."""
        for position in islice(reversed(self._uses.keys()), count):
            yield Use(*self._uses[position])

    def last_use(self, key_id: str) -> float | None:
        """Give when a key was last used, as far as the journal goes back."""
        for use in self.uses(KEPT_USES):
            if use.key_id == key_id:
                return use.date
        return None


class Partners(Persistent):
    """All partners of a portal."""

    def __init__(self) -> None:
        self.by_id = OOBTree()
        self.by_hash = OOBTree()

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Caller:
    """Who calls: a partner, by which of its keys."""

    partner: Partner
    key: ApiKey


def get_partners(site) -> Partners:
    """Give the partners; none, not kept, where there were none yet."""
    found = getattr(aq_base(site), _ATTRIBUTE, None)
    return Partners() if found is None else found


def _ensure(site) -> Partners:
    found = getattr(aq_base(site), _ATTRIBUTE, None)
    if found is None:
        found = Partners()
        setattr(aq_base(site), _ATTRIBUTE, found)
    return found


def add_partner(site, id: str, title: str, publisher_id: str = "") -> Partner:
    """Register a partner; BadPartner. Its id stays: consents name it."""
    title = " ".join(title.split())
    if not _ID.fullmatch(id):
        raise BadPartner("id")
    if not title or len(title) > 120:
        raise BadPartner("title")
    if publisher_id and publisher_id not in publishers(site):
        raise BadPartner("publisher")
    partners = _ensure(site)
    if id in partners.by_id:
        raise BadPartner("taken")
    partners.by_id[id] = Partner(id, title, publisher_id)
    return partners.by_id[id]


def add_key(
    site, partner: Partner, label: str = "", scopes: tuple[str, ...] = (DEPOSIT,)
) -> str:
    """Make a key and return it: it is known to nobody but the caller from now on."""
    token = _PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(secrets.token_hex(4), " ".join(label.split())[:80], scopes)
    partner.keys[key.id] = key
    _ensure(site).by_hash[_hash(token)] = (partner.id, key.id)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find_caller(site, authorization: str | None, scope: str) -> Caller | None:
    """Give who sent this ``Authorization`` header, or None.

    None too for a key or partner that was stopped, and for a key without the scope.
    """
    kind, _space, token = (authorization or "").strip().partition(" ")
    if kind.lower() != "bearer" or not token.startswith(_PREFIX):
        return None
    partners = get_partners(site)
    names = partners.by_hash.get(_hash(token.strip()))
    if names is None:
        return None
    partner = partners.by_id[names[0]]
    key = partner.keys[names[1]]
    if not partner.active or not key.active or scope not in key.scopes:
        return None
    return Caller(partner, key)


def publisher_of(site, partner: Partner) -> Publisher | None:
    """Give the publisher for whom a partner deposits, or None where it is gone."""
    return publishers(site).get(partner.publisher_id)


def _as_publishers(site) -> Iterator[Publisher]:
    for partner in get_partners(site).by_id.values():
        if partner.is_publisher:
            yield Publisher(
                partner.publisher_id, partner.title, SERVICE, partner.active
            )


add_source(_as_publishers)
