"""Where deposits wait in a space until its citizen next opens the vault.

Ciphertext, ids, sizes and times only. They are not in the vault's list: that one is
sealed with the vault key, which the server hasn't while nobody is there.
"""

from Acquisition import aq_base
from BTrees.Length import Length
from BTrees.OOBTree import OOBTree
from civisdata.content.vault.deposits.sealing import Sealed
from civisdata.content.vault.storage import count_waiting
from persistent import Persistent
from typing import Any


_ATTRIBUTE = "_civisdata_arrivals"


class Arrival(Persistent):
    """One deposit. ``id`` is that of the document to be; ``metadata`` an age file.

    ``record`` and ``receipt`` (what is signed) and their signatures are set when it is
    delivered. ``held``: why it couldn't be filed, empty where nothing is wrong.
    """

    held = ""

    def __init__(self, id: str, sealed: Sealed, metadata: bytes, sealed_to: bytes):
        self.id = id
        #: The public key that it is sealed to.
        self.sealed_to = sealed_to
        self.header = sealed.header
        self.parts = sealed.parts
        self.piece_size = sealed.piece_size
        self.size = sealed.size
        self.payload_size = sealed.payload_size
        self.payload_sha256 = sealed.payload_sha256
        self.metadata = metadata
        self.record: dict[str, Any] | None = None
        self.record_signature = b""
        self.receipt: dict[str, Any] | None = None
        self.receipt_signature = b""

    def __repr__(self) -> str:
        return f"<Arrival {self.id}>"


class Arrivals(Persistent):
    """The deposits that wait in one space."""

    #: When its citizen was last written to about deposits; seconds since 1970.
    told_at = 0.0

    def __init__(self):
        self.waiting = OOBTree()
        self._size = Length()

    @property
    def size(self) -> int:
        """Bytes of clear text of all that waits."""
        return self._size()

    def add(self, arrival: Arrival) -> None:
        self.waiting[arrival.id] = arrival
        self._size.change(arrival.size)

    def take(self, arrival_id: str) -> Arrival:
        """Take an arrival out; KeyError."""
        arrival = self.waiting.pop(arrival_id)
        self._size.change(-arrival.size)
        return arrival

    def erase(self, arrival_id: str) -> None:
        """Erase an arrival, its key first; KeyError."""
        arrival = self.take(arrival_id)
        arrival.header = arrival.metadata = b""
        arrival.parts = ()

    def __bool__(self) -> bool:
        return True


def get_arrivals(space) -> Arrivals:
    """Give the arrivals of a space; an empty one, not kept, where there is none yet."""
    found = getattr(aq_base(space), _ATTRIBUTE, None)
    return Arrivals() if found is None else found


def waiting_bytes(space) -> int:
    """Give the bytes of clear text of all deposits that wait in a space."""
    return get_arrivals(space).size


count_waiting(waiting_bytes)


def ensure_arrivals(space) -> Arrivals:
    """Give the arrivals of a space, made where there are none yet (this writes)."""
    found = getattr(aq_base(space), _ATTRIBUTE, None)
    if found is None:
        found = Arrivals()
        setattr(aq_base(space), _ATTRIBUTE, found)
    return found


def held_arrivals(space) -> list[Arrival]:
    """Give the arrivals that couldn't be filed."""
    return [item for item in get_arrivals(space).waiting.values() if item.held]


def erase_arrivals(space) -> None:
    """Erase all that waits: no key opens it any more."""
    arrivals = getattr(aq_base(space), _ATTRIBUTE, None)
    if arrivals is not None:
        for arrival_id in list(arrivals.waiting):
            arrivals.erase(arrival_id)
