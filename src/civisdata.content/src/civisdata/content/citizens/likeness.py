"""Registrations that may be one person's, found by keys and without walking through all.

Two registrations are alike that share an e-mail address, names and date of birth, or
names and address. The keys are hashes: nothing can be read in them.
"""

from BTrees.OOBTree import OOBTree
from BTrees.OOBTree import OOTreeSet
from civisdata.content.checks import email_key
from civisdata.content.checks import fold
from civisdata.content.citizens.registration import Registration
from collections.abc import Collection
from hashlib import blake2b
from itertools import islice
from persistent import Persistent


EMAIL, BIRTH, ADDRESS = "email", "birth", "address"

#: How many others are told of at most, for one registration.
MOST = 20


def _key(kind: str, *values: str) -> tuple[str, str]:
    text = "\0".join((kind, *values))
    return kind, blake2b(text.encode(), digest_size=12).hexdigest()


def keys_of(person: Registration) -> tuple[tuple[str, str], ...]:
    """Return what tells of likeness: pairs of a kind and a hash.

    First and family name count in either order, without accents and hyphens, and so does
    the name in use.
    """
    found = {_key(EMAIL, email_key(person.email))}
    for name in filter(None, {person.last_name, person.usage_name}):
        names = " ".join(sorted(fold(f"{person.first_name} {name}").split()))
        if person.birth_date:
            found.add(_key(BIRTH, names, person.birth_date))
        place = fold(f"{person.address} {person.postal_code}")
        found.add(_key(ADDRESS, names, place))
    return tuple(sorted(found))


class Likeness(Persistent):
    """Space ids by key, keys by space id, and the ids that share a key with another."""

    def __init__(self) -> None:
        self.by_key = OOBTree()
        self.keys = OOBTree()
        self.doubtful = OOTreeSet()

    def set(self, space_id: str, keys: Collection[tuple[str, str]]) -> None:
        """Take over the keys of a registration; none: it is like nobody."""
        keys = tuple(keys)
        former = self.keys.get(space_id, ())
        if keys == former:
            return
        for key in set(former) - set(keys):
            self._leave(key, space_id)
        for key in set(keys) - set(former):
            self._enter(key, space_id)
        if keys:
            self.keys[space_id] = keys
        else:
            self.keys.pop(space_id, None)
        self._judge(space_id)

    def others(self, space_id: str) -> dict[str, list[str]]:
        """Return ids of those that are like this one, with what they share."""
        found: dict[str, list[str]] = {}
        for kind, value in self.keys.get(space_id, ()):
            for other in islice(self.by_key[kind, value], MOST + 1):
                if other != space_id and kind not in found.setdefault(other, []):
                    found[other].append(kind)
        return dict(islice(found.items(), MOST))

    def _enter(self, key: tuple[str, str], space_id: str) -> None:
        ids = self.by_key.get(key)
        if ids is None:
            self.by_key[key] = OOTreeSet([space_id])
            return
        if _size(ids, 2) == 1:
            self.doubtful.update(ids)
        ids.add(space_id)

    def _leave(self, key: tuple[str, str], space_id: str) -> None:
        ids = self.by_key[key]
        ids.remove(space_id)
        left = _size(ids, 2)
        if not left:
            del self.by_key[key]
        elif left == 1:
            self._judge(next(iter(ids)))

    def _judge(self, space_id: str) -> None:
        shared = any(
            _size(self.by_key[key], 2) == 2 for key in self.keys.get(space_id, ())
        )
        if shared:
            self.doubtful.add(space_id)
        elif space_id in self.doubtful:
            self.doubtful.remove(space_id)


def _size(ids: OOTreeSet, most: int) -> int:
    """Count up to ``most``: the length of a large set is counted one by one."""
    return sum(1 for _ in islice(ids, most))
