"""What the check of the night has found: kept with the spaces, ids and numbers only."""

from collections.abc import Mapping
from persistent import Persistent


_ATTRIBUTE = "_civisdata_scrub"
#: Findings that are kept one by one; beyond, they are only counted.
LISTED = 200


class Report(Persistent):
    """One walk through all vaults; times in seconds since 1970.

    ``at``: the last space and document that were examined, from where a walk that was
    cut off goes on. ``counts``: findings by kind. ``listed``: (kind, space, document).
    """

    finished: float | None = None
    spaces = 0
    documents = 0
    bytes = 0
    at: tuple[str, str] = ("", "")
    counts: Mapping[str, int] = {}
    listed: tuple[tuple[str, str, str], ...] = ()

    def __init__(self, started: float) -> None:
        self.started = started

    @property
    def findings(self) -> int:
        return sum(self.counts.values())

    def add(self, kind: str, space_id: str, document_id: str) -> None:
        """Note a finding."""
        self.counts = {**self.counts, kind: self.counts.get(kind, 0) + 1}
        if len(self.listed) < LISTED:
            self.listed = (*self.listed, (kind, space_id, document_id))


class Reports(Persistent):
    """The last whole walk, and the one under way."""

    last: Report | None = None
    current: Report | None = None

    def begin(self, now: float) -> Report:
        """Return the walk under way, a new one where none is."""
        if self.current is None:
            self.current = Report(now)
        return self.current

    def end(self, now: float) -> None:
        self.current.finished = now
        self.last, self.current = self.current, None


def get_reports(spaces) -> Reports:
    """Return the reports; empty ones, not kept, where there are none yet."""
    found = getattr(spaces.aq_base, _ATTRIBUTE, None)
    return Reports() if found is None else found


def ensure_reports(spaces) -> Reports:
    """Return the reports, made where there are none yet (this writes)."""
    if getattr(spaces.aq_base, _ATTRIBUTE, None) is None:
        setattr(spaces.aq_base, _ATTRIBUTE, Reports())
    return getattr(spaces.aq_base, _ATTRIBUTE)
