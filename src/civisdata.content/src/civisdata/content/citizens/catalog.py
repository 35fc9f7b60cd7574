"""The catalog of registrations: finds people without walking through all spaces.

It is an attribute of the container of spaces that no URL reaches, and it knows
registration data only. Nothing of it is in the site's own catalog.
"""

from BTrees.IIBTree import IITreeSet
from BTrees.IIBTree import intersection
from BTrees.IIBTree import multiunion
from BTrees.IOBTree import IOBTree
from BTrees.Length import Length
from BTrees.OIBTree import OIBTree
from BTrees.OOBTree import OOBTree
from BTrees.OOBTree import OOTreeSet
from civisdata.content.checks import email_key
from civisdata.content.checks import fold
from civisdata.content.citizens.likeness import keys_of
from civisdata.content.citizens.likeness import Likeness
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import RHYTHMS
from collections.abc import Collection
from collections.abc import Iterator
from dataclasses import astuple
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from persistent import Persistent
import heapq
import secrets


#: States in which an e-mail address counts as taken.
LIVE_STATES = frozenset({"pending", "accepted", "suspended"})

#: Orders of a list.
ORDERS = ("newest", "oldest", "name")

#: Marks of a registration: its receipt could not be mailed, its letter is to be printed.
NO_RECEIPT, LETTER = "no-receipt", "letter"

_DAY = 86400


@dataclass(frozen=True)
class Found:
    """One line of a list of registrations."""

    id: str
    state: str
    commune: str
    created: datetime
    name: str


class RegistrationsCatalog(Persistent):
    """Registrations by state, commune, day, name, e-mail address and rhythm of news.

    What a catalog of before has not is None, until it is upgraded or needed.
    """

    #: Space ids by rhythm, and the other way round.
    by_rhythm: OOBTree | None = None
    rhythm_of: OOBTree | None = None
    by_day: IOBTree | None = None
    likeness: Likeness | None = None
    #: Space ids by mark.
    marked: OOBTree | None = None

    def __init__(self) -> None:
        self.rids = OIBTree()
        self.rows = IOBTree()
        self.words_of = IOBTree()
        self.by_state = OOBTree()
        self.by_commune = OOBTree()
        self.by_word = OOBTree()
        self.orders = {order: OOTreeSet() for order in ORDERS}
        self.by_email = OOBTree()
        self.email_of = OOBTree()
        self.by_day = IOBTree()
        self.likeness = Likeness()
        self.length = Length()

    def __len__(self) -> int:
        return self.length()

    def index(
        self,
        space_id: str,
        registration: Registration,
        state: str,
        created: datetime,
        login: str = "",
    ) -> None:
        """Add a registration, or take over what changed of it."""
        row = Found(
            id=space_id,
            state=state,
            commune=registration.commune,
            created=created,
            name=registration.sortable_name,
        )
        text = (
            f"{registration.first_name} {registration.last_name} "
            f"{registration.usage_name} {registration.town} {login}"
        )
        words = tuple(sorted(set(fold(text).split())))
        rid = self.rids.get(space_id)
        if rid is None:
            rid = self._new_rid()
            self.rids[space_id] = rid
            self.length.change(1)
        elif (astuple(row), words) != (self.rows[rid], self.words_of[rid]):
            self._take_out(rid)
        if rid not in self.rows:
            self._put_in(rid, row, words)
        self._set_email(space_id, email_key(registration.email), state)
        rhythm = registration.mail_rhythm if state == "accepted" else ""
        self.set_rhythm(space_id, rhythm)
        if self.likeness is not None:
            keys = () if state == "closed" else keys_of(registration)
            self.likeness.set(space_id, keys)

    def unindex(self, space_id: str) -> None:
        """Forget a registration; nothing happens where it isn't known."""
        rid = self.rids.get(space_id)
        if rid is not None:
            self._take_out(rid)
            del self.rids[space_id]
            self.length.change(-1)
        self._set_email(space_id, None, "")
        self.set_rhythm(space_id, "")
        if self.likeness is not None:
            self.likeness.set(space_id, ())
        for mark in (NO_RECEIPT, LETTER):
            self.set_mark(space_id, mark, False)

    def renew(self) -> None:
        """Make the indexes that a catalog of before has not; then each is indexed."""
        if self.by_day is None:
            self.by_day = IOBTree()
            for rid, row in self.rows.items():
                _add(self.by_day, _day(Found(*row).created), rid)
        if self.likeness is None:
            self.likeness = Likeness()

    def set_mark(self, space_id: str, mark: str, on: bool) -> None:
        """Mark a registration, or take the mark away."""
        ids = () if self.marked is None else self.marked.get(mark, ())
        if (space_id in ids) == on:
            return
        if self.marked is None:
            self.marked = OOBTree()
        if mark not in self.marked:
            self.marked[mark] = OOTreeSet()
        if on:
            self.marked[mark].add(space_id)
        else:
            self.marked[mark].remove(space_id)

    def with_mark(self, mark: str, after: str = "") -> Iterator[str]:
        """Give the ids that have a mark, after one, in their order."""
        ids = None if self.marked is None else self.marked.get(mark)
        return iter(() if ids is None else ids.keys(after, excludemin=bool(after)))

    def has_mark(self, space_id: str, mark: str) -> bool:
        """Say whether a registration has a mark."""
        return self.marked is not None and space_id in self.marked.get(mark, ())

    def count_mark(self, mark: str) -> int:
        """Return how many have a mark."""
        return 0 if self.marked is None else len(self.marked.get(mark, ()))

    def like(self, space_id: str) -> dict[str, list[str]]:
        """Return ids of those that may be the same person, with what they share."""
        return {} if self.likeness is None else self.likeness.others(space_id)

    def is_doubtful(self, space_id: str) -> bool:
        """Say whether another registration may be the same person's."""
        return self.likeness is not None and space_id in self.likeness.doubtful

    def id_by_email(self, email: str) -> str | None:
        """Return the id of the live registration with this address, or None."""
        return self.by_email.get(email_key(email))

    def set_rhythm(self, space_id: str, rhythm: str) -> None:
        """Note at which rhythm a space is written to; an empty one: not at all."""
        former = "" if self.rhythm_of is None else self.rhythm_of.get(space_id, "")
        if rhythm == former:
            return
        if self.rhythm_of is None:
            self.rhythm_of = OOBTree()
            self.by_rhythm = OOBTree({id: OOTreeSet() for id in RHYTHMS})
        if former:
            self.by_rhythm[former].remove(space_id)
            del self.rhythm_of[space_id]
        if rhythm:
            self.by_rhythm[rhythm].add(space_id)
            self.rhythm_of[space_id] = rhythm

    def of_rhythm(self, rhythm: str, after: str = "", size: int = 100) -> list[str]:
        """Return the next space ids that are written to at a rhythm, in their order."""
        ids = None if self.by_rhythm is None else self.by_rhythm.get(rhythm)
        if ids is None:
            return []
        return list(islice(ids.keys(after, excludemin=bool(after)), size))

    def count_rhythm(self, rhythm: str) -> int:
        """Return how many are written to at a rhythm."""
        ids = None if self.by_rhythm is None else self.by_rhythm.get(rhythm)
        return 0 if ids is None else len(ids)

    def search(
        self,
        *,
        states: Collection[str] = (),
        communes: Collection[str] | None = None,
        text: str = "",
        before: datetime | None = None,
        doubtful: bool = False,
        mark: str = "",
        order: str = "newest",
        start: int = 0,
        size: int = 50,
    ) -> tuple[list[Found], int]:
        """Return one page of registrations and the number of all that match.

        ``communes`` None means all of them, an empty collection none. ``text`` is
        words of names (their beginnings suffice), or a whole e-mail address. ``before``
        is a day (UTC): who signed up earlier. ``doubtful``: who may be somebody else,
        too.
        """
        matching = self._matching(states, communes, text, before, doubtful, mark)
        total = len(self) if matching is None else len(matching)
        order = order if order in ORDERS else "newest"
        rids = self._page(matching, total, order, start, start + size)
        return [Found(*self.rows[rid]) for rid in rids], total

    def count(self, state: str, communes: Collection[str] | None = None) -> int:
        """Return how many registrations are in a state."""
        matching = self._matching([state], communes, "")
        return len(matching or ())

    def _matching(
        self,
        states: Collection[str],
        communes: Collection[str] | None,
        text: str,
        before: datetime | None = None,
        doubtful: bool = False,
        mark: str = "",
    ) -> IITreeSet | None:
        """Return the rids that match, None for all of them."""
        sets = []
        if states:
            sets.append(_any_of(self.by_state, states))
        if communes is not None:
            sets.append(_any_of(self.by_commune, communes))
        if before is not None:
            sets.append(self._earlier_than(_day(before)))
        if doubtful:
            ids = () if self.likeness is None else self.likeness.doubtful
            sets.append(self._rids(ids))
        if mark:
            sets.append(self._rids(self.with_mark(mark)))
        if "@" in text:
            space_id = self.id_by_email(text)
            sets.append(IITreeSet([self.rids[space_id]] if space_id else []))
        elif text.strip():
            words = fold(text).split()
            sets.extend(self._beginning_with(word) for word in words)
            if not words:
                return IITreeSet()
        sets.sort(key=len)
        result = None
        for found in sets:
            result = found if result is None else intersection(result, found)
        return result

    def _beginning_with(self, word: str) -> IITreeSet:
        return multiunion(list(self.by_word.values(word, word + "\U0010ffff")))

    def _earlier_than(self, day: int) -> IITreeSet:
        if self.by_day is None:
            found = self.orders["oldest"].keys(max=(day * _DAY,), excludemax=True)
            return IITreeSet(rid for _seconds, rid in found)
        return multiunion(list(self.by_day.values(max=day, excludemax=True)))

    def _rids(self, ids) -> IITreeSet:
        return IITreeSet(self.rids[id] for id in ids if id in self.rids)

    def _page(self, matching, total: int, order: str, start: int, end: int) -> list:
        """Return the rids of a page: by sorting, or by walking through the order.

        To fill a page of few matches, walking passes many that don't match.
        """
        if matching is None or total * total > end * len(self):
            return list(islice(self._walk(matching, order), start, end))
        keys = ((_sort_key(order, rid, self.rows[rid]), rid) for rid in matching)
        return [rid for _key, rid in heapq.nsmallest(end, keys)[start:]]

    def _walk(self, matching, order: str) -> Iterator[int]:
        for _key, rid in self.orders[order]:
            if matching is None or rid in matching:
                yield rid

    def _new_rid(self) -> int:
        """Draw a number: sequential ones would make sign-ups wait for each other."""
        while True:
            rid = secrets.randbelow(2**31)
            if rid not in self.rows:
                return rid

    def _put_in(self, rid: int, row: Found, words: tuple[str, ...]) -> None:
        self.rows[rid] = astuple(row)
        self.words_of[rid] = words
        _add(self.by_state, row.state, rid)
        _add(self.by_commune, row.commune, rid)
        if self.by_day is not None:
            _add(self.by_day, _day(row.created), rid)
        for word in words:
            _add(self.by_word, word, rid)
        for order, keys in self.orders.items():
            keys.add(_sort_key(order, rid, self.rows[rid]))

    def _take_out(self, rid: int) -> None:
        row = Found(*self.rows[rid])
        _remove(self.by_state, row.state, rid)
        _remove(self.by_commune, row.commune, rid)
        if self.by_day is not None:
            _remove(self.by_day, _day(row.created), rid)
        for word in self.words_of.pop(rid):
            _remove(self.by_word, word, rid)
        for order, keys in self.orders.items():
            keys.remove(_sort_key(order, rid, self.rows[rid]))
        del self.rows[rid]

    def _set_email(self, space_id: str, key: str | None, state: str) -> None:
        old = self.email_of.get(space_id)
        if old is not None and (old != key or state not in LIVE_STATES):
            del self.email_of[space_id]
            del self.by_email[old]
        if key is not None and state in LIVE_STATES:
            if self.by_email.get(key, space_id) != space_id:
                raise ValueError("this e-mail address is taken")
            self.by_email[key] = space_id
            self.email_of[space_id] = key


def _sort_key(order: str, rid: int, row: tuple) -> tuple:
    found = Found(*row)
    if order == "name":
        return fold(found.name), rid
    seconds = found.created.timestamp()
    return (-seconds if order == "newest" else seconds), rid


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // _DAY)


def _any_of(index: OOBTree, keys: Collection[str]) -> IITreeSet:
    return multiunion([index[key] for key in keys if key in index])


def _add(index, key: str | int, rid: int) -> None:
    if key not in index:
        index[key] = IITreeSet()
    index[key].add(rid)


def _remove(index, key: str | int, rid: int) -> None:
    index[key].remove(rid)
    if not index[key]:
        del index[key]
