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

    def forget(self, space_id: str) -> None:
        """Name a space no more; a walk that is there goes on from a little before."""
        self.listed = tuple(row for row in self.listed if row[1] != space_id)
        if self.at[0] == space_id:
            self.at = (space_id[:2], "")


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


def forget_space(spaces, space_id: str) -> None:
    """Let the reports name a space no more."""
    reports = get_reports(spaces)
    for report in (reports.last, reports.current):
        if report is not None:
            report.forget(space_id)


def get_reports(spaces) -> Reports:
    """Return the reports; empty ones, not kept, where there are none yet."""
    found = getattr(spaces.aq_base, _ATTRIBUTE, None)
    return Reports() if found is None else found


def ensure_reports(spaces) -> Reports:
    """Return the reports, made where there are none yet (this writes)."""
    if getattr(spaces.aq_base, _ATTRIBUTE, None) is None:
        setattr(spaces.aq_base, _ATTRIBUTE, Reports())
    return getattr(spaces.aq_base, _ATTRIBUTE)
