"""The journal of a space: a chain of entries that only grows at its end.

Entry n holds the hash of entry n - 1 (see ``verifier``). The number and the hash of the
last entry lie on the journal object: two appends at once write the same object, so the
second one meets a conflict, is tried again by the publisher, and comes after the first.
"""

from Acquisition import aq_base
from BTrees.LOBTree import LOBTree
from civisdata.content.citizens import clock
from civisdata.content.citizens.journal import verifier
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from persistent import Persistent
from typing import Any
from typing import Self
import re


#: Who did it: the citizen; somebody who had not logged in; someone whom a thing was
#: shared with; the portal by itself. An administration is ``administration:<publisher>``.
SELF, UNKNOWN, RECIPIENT, SYSTEM = "self", "unknown", "recipient", "system"

_ATTRIBUTE = "_journal"
_ACTION = re.compile(r"[a-z][a-z0-9-]{0,59}")
_ACTOR = re.compile(r"self|unknown|recipient|system|administration:[a-z0-9._-]{1,60}")
_ITEM = re.compile(r"[a-zA-Z0-9_.-]{0,64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_LONGEST = 80


@dataclass(frozen=True)
class Entry:
    """One line: ``time`` in seconds since 1970 UTC, ``item`` a random id or empty,
    ``details`` coarse plain values, ``previous`` the hash of the entry before."""

    n: int
    time: int
    action: str
    actor: str = SELF
    item: str = ""
    details: dict[str, str | int] = field(default_factory=dict)
    previous: str = ""

    def to_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)

    @property
    def hash(self) -> str:
        return verifier.entry_hash(self.to_dict())

    def to_row(self) -> tuple:
        """What is stored under ``n``."""
        details = tuple(sorted(self.details.items()))
        previous = bytes.fromhex(self.previous)
        return (self.time, self.action, self.actor, self.item, details, previous)

    @classmethod
    def from_row(cls, n: int, row: tuple) -> Self:
        time, action, actor, item, details, previous = row
        return cls(n, time, action, actor, item, dict(details), previous.hex())


@dataclass(frozen=True)
class Anchor:
    """What is left of entries whose time was over: number, hash, time of the last."""

    n: int
    hash: str
    time: int


@dataclass(frozen=True)
class Checkpoint:
    """The chain's end as its citizen's own key signed it."""

    n: int
    hash: str
    time: int
    signer: str
    signature: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Journal(Persistent):
    """Entries by number, checkpoints by number; ``anchor`` where a prefix was dropped."""

    _anchor: tuple | None = None

    def __init__(self, space_id: str) -> None:
        self.space_id = space_id
        self.n = 0
        self.hash = verifier.start_hash(space_id)
        self._entries = LOBTree()
        self._checkpoints = LOBTree()

    @property
    def anchor(self) -> Anchor | None:
        return None if self._anchor is None else Anchor(*self._anchor)

    @property
    def first(self) -> int:
        """The number of the first entry that is kept (or will be)."""
        return 1 if self._anchor is None else self._anchor[0] + 1

    def __len__(self) -> int:
        return self.n - self.first + 1

    def __bool__(self) -> bool:
        return True

    def entry(self, n: int) -> Entry:
        """Return one entry; KeyError."""
        return Entry.from_row(n, self._entries[n])

    def append(self, **values: Any) -> Entry:
        entry = Entry(n=self.n + 1, previous=self.hash, **values)
        self._entries[entry.n] = entry.to_row()
        self.n, self.hash = entry.n, entry.hash
        return entry

    def oldest_first(self) -> Iterator[Entry]:
        """Give what is stored, in the order of the numbers."""
        for n, row in self._entries.items():
            yield Entry.from_row(n, row)

    def newest_first(self, before: int | None = None) -> Iterator[Entry]:
        """Give entries numbered below ``before``, each found by its number."""
        last = self.n if before is None else min(before - 1, self.n)
        for n in range(last, self.first - 1, -1):
            row = self._entries.get(n)
            if row is not None:
                yield Entry.from_row(n, row)

    def checkpoints(self) -> list[Checkpoint]:
        return [Checkpoint(n, *row) for n, row in self._checkpoints.items()]

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        values = checkpoint.to_dict()
        number = values.pop("n")
        self._checkpoints[number] = tuple(values.values())

    def last_checkpoint(self) -> int:
        """The number of the entry that was signed last; 0 for none."""
        return self._checkpoints.maxKey() if self._checkpoints else 0

    def drop_before(self, moment: float) -> int:
        """Drop entries older than ``moment``; return how many. The last one stays."""
        dropped = 0
        while len(self) > 1:
            entry = self.entry(self.first)
            if entry.time >= moment:
                break
            self._anchor = (entry.n, entry.hash, entry.time)
            del self._entries[entry.n]
            dropped += 1
        if dropped:
            for n in list(self._checkpoints.keys(max=self.first - 2)):
                del self._checkpoints[n]
        return dropped


def get_journal(space) -> Journal:
    """Return the journal of a space; an empty one, not kept, where there is none yet."""
    journal = getattr(aq_base(space), _ATTRIBUTE, None)
    return Journal(space.getId()) if journal is None else journal


def ensure_journal(space) -> Journal:
    """Return the journal of a space, made where there is none yet (this writes)."""
    journal = getattr(aq_base(space), _ATTRIBUTE, None)
    if journal is None:
        journal = Journal(space.getId())
        setattr(aq_base(space), _ATTRIBUTE, journal)
    return journal


def note(
    space, action: str, *, item: str = "", actor: str = SELF, **details: str | int
) -> Entry:
    """Append an entry to the journal of ``space``.

    It is stored in clear: ``item`` is a random id, ``details`` are coarse (a count, a
    kind of browser), and never a name or a text of the citizen. ValueError for what
    can't be meant so.
    """
    _check("action", _ACTION, action)
    _check("actor", _ACTOR, actor)
    _check("item", _ITEM, item)
    for name, value in details.items():
        _check("detail", _NAME, name)
        if type(value) not in (str, int) or len(str(value)) > _LONGEST:
            raise ValueError(f"not a coarse value: {name}")
    return ensure_journal(space).append(
        time=int(clock.now()), action=action, actor=actor, item=item, details=details
    )


def _check(what: str, form: re.Pattern, value: str) -> None:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError(f"not a journal's {what}")


def entries(
    space,
    start: int = 0,
    count: int = 50,
    *,
    before: int | None = None,
    wanted: Callable[[Entry], bool] | None = None,
) -> list[Entry]:
    """Return entries, the newest first: ``count`` after ``start``.

    ``before``: only those with lower numbers; ``wanted``: only those it says yes to.
    """
    found = []
    for entry in get_journal(space).newest_first(before):
        if wanted is not None and not wanted(entry):
            continue
        if start:
            start -= 1
            continue
        if len(found) == count:
            break
        found.append(entry)
    return found


def head(space) -> tuple[int, str]:
    """Return number and hash of the last entry."""
    journal = get_journal(space)
    return journal.n, journal.hash
