"""Where a space keeps an archive that is coming in, and the files of former portals."""

from collections.abc import Mapping
from persistent import Persistent
from types import MappingProxyType
from ZODB.blob import Blob


_ATTRIBUTE = "_civisdata_transfers"


class Intake(Persistent):
    """An archive that is coming in: sizes and times in clear, the rest sealed.

    ``parts`` are blobs of one age payload, ``box`` holds its keys and how far it is.
    """

    def __init__(self, id: str, size: int, piece_size: int, now: float):
        self.id = id
        self.size = size
        self.piece_size = piece_size
        self.received = 0
        self.parts: tuple[Blob, ...] = ()
        self.box = b""
        self.touched_at = now

    def drop_bytes(self) -> None:
        """Give up what was received."""
        self.parts = ()


class Transfers(Persistent):
    """At most one archive coming in, and boxes of former files by archive id."""

    def __init__(self):
        self.intake: Intake | None = None
        self._former: dict[str, bytes] = {}

    @property
    def former(self) -> Mapping[str, bytes]:
        return MappingProxyType(self._former)

    def keep_former(self, archive_id: str, box: bytes) -> None:
        self._former = {**self._former, archive_id: box}


def get_transfers(space) -> Transfers:
    """Give the transfers of a space; empty ones, not kept, where there are none yet."""
    found = getattr(space.aq_base, _ATTRIBUTE, None)
    return Transfers() if found is None else found


def ensure_transfers(space) -> Transfers:
    """Give the transfers of a space, made where there are none yet (this writes)."""
    found = getattr(space.aq_base, _ATTRIBUTE, None)
    if found is None:
        found = Transfers()
        setattr(space.aq_base, _ATTRIBUTE, found)
    return found


def forget_transfers(space) -> None:
    """Erase all of it, the keys first."""
    found = getattr(space.aq_base, _ATTRIBUTE, None)
    if found is None:
        return
    if found.intake is not None:
        found.intake.box = b""
        found.intake.drop_bytes()
        found.intake = None
    delattr(space.aq_base, _ATTRIBUTE)
