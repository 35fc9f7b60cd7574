"""Which of the papers that a procedure needs lie in an opened vault (R38)."""

from civisdata.content.contacts.procedures import NeededPaper
from civisdata.content.vault.contents import Contents
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import UTC


#: States of a paper: good to be used; its last day has passed; stored so long ago that
#: the procedure may not take it.
VALID, EXPIRED, OLD = "valid", "expired", "old"
_ORDER = (VALID, OLD, EXPIRED)


@dataclass(frozen=True)
class Held:
    """A document that can serve; ``last_day`` where the citizen noted one."""

    document_id: str
    title: str
    state: str
    last_day: date | None
    stored_on: date


def papers_held(contents: Contents, needed: NeededPaper, today: date) -> list[Held]:
    """Give the documents of a needed kind, the best first.

    What lies in the bin, or has ended as a temporary document, doesn't count.
    """
    found = [
        _held(document_id, metadata, needed, today)
        for document_id, metadata in contents.documents.items()
        if metadata.paper in needed.kinds
        and not contents.is_binned(metadata)
        and not (metadata.ends_on and date.fromisoformat(metadata.ends_on) < today)
    ]
    return sorted(
        found,
        key=lambda held: (
            _ORDER.index(held.state),
            -(held.last_day or date.max).toordinal(),
            -held.stored_on.toordinal(),
        ),
    )


def _held(document_id: str, metadata, needed: NeededPaper, today: date) -> Held:
    last_day = (
        date.fromisoformat(metadata.valid_until) if metadata.valid_until else None
    )
    stored_on = datetime.fromtimestamp(metadata.stored_at, UTC).date()
    state = VALID
    if last_day is not None and last_day < today:
        state = EXPIRED
    elif needed.max_age_months and _months(stored_on, today) >= needed.max_age_months:
        state = OLD
    return Held(document_id, metadata.title, state, last_day, stored_on)


def _months(start: date, end: date) -> int:
    """Whole months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
