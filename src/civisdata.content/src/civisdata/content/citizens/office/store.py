"""What the desk keeps beside the registrations: batches, printed letters, its log.

It lies on the container of spaces under a name that no URL reaches. It holds ids and
reasons, no names.
"""

from Acquisition import aq_base
from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from civisdata.content.citizens import clock
from civisdata.content.citizens.interfaces import ISpaces
from dataclasses import asdict
from dataclasses import dataclass
from persistent import Persistent
import secrets


@dataclass(frozen=True)
class LogLine:
    """Something that staff did with many registrations: when, who, what, why, to how many."""

    time: float
    actor: str
    action: str
    purpose: str = ""
    count: int = 0
    filters: str = ""


class Batch(Persistent):
    """A decision on many registrations; ``results`` holds what came of each.

    It has ended once each id has a result. See ``batches``.
    """

    def __init__(
        self, action: str, ids: tuple[str, ...], actor: str, **options
    ) -> None:
        self.action = action
        self.ids = ids
        self.actor = actor
        self.reason: str = options.get("reason", "")
        self.created = clock.now()
        self.results = OOBTree()
        #: Whether the mail server did not answer when it was last asked.
        self.mail_down = False


class Run(Persistent):
    """Letters that were printed together; ``put_back`` once they are to be printed anew."""

    put_back = False

    def __init__(self, ids: tuple[str, ...], actor: str) -> None:
        self.ids = ids
        self.actor = actor
        self.created = clock.now()


class Export(Persistent):
    """Whose data went out in a list; ``noted`` counts the journals that say so."""

    noted = 0

    def __init__(self, ids: tuple[str, ...], actor: str) -> None:
        self.ids = ids
        self.actor = actor
        self.created = clock.now()


class Office(Persistent):
    """Batches, runs of letters and exports by id, and the log by number."""

    def __init__(self) -> None:
        self.batches = OOBTree()
        self.runs = OOBTree()
        self.exports = OOBTree()
        self._log = IOBTree()

    def add(self, kept: OOBTree, item: Persistent) -> str:
        """Keep an item under a new random id; return it."""
        item_id = secrets.token_hex(8)
        kept[item_id] = item
        return item_id

    def write(self, line: LogLine) -> None:
        """Add a line to the log."""
        number = self._log.maxKey() + 1 if self._log else 1
        self._log[number] = asdict(line)

    def log(self, newest: int = 50) -> list[LogLine]:
        """Return the last lines of the log, newest first."""
        if not self._log:
            return []
        first = max(1, self._log.maxKey() - newest + 1)
        return [LogLine(**row) for row in reversed(self._log.values(first))]


def office_of(spaces: ISpaces, create: bool = False) -> Office:
    """Return what the desk keeps; an empty one before anything was kept."""
    found = getattr(aq_base(spaces), "_office", None)
    if found is None:
        found = Office()
        if create:
            spaces._office = found
    return found
