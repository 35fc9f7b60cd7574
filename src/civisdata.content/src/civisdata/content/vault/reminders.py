"""Reminders (R19): what ends soon, worked out in the open session of its citizen."""

from civisdata.content.vault.contents import Contents
from civisdata.content.vault.documents import Metadata
from dataclasses import dataclass
from datetime import date
from datetime import timedelta


#: Days before the last one on which a paper is announced.
BEFORE = (30, 7)
#: Days before a temporary document's last one on which it is announced.
BEFORE_END = 7
#: Days for which a paper that is over is still shown on the home page.
AFTER = 30


@dataclass(frozen=True)
class Due:
    """A document that ends: ``day`` is its last one, ``left`` the days until then.

    ``temporary``: it is erased after that day; else it is the paper that ends.
    """

    id: str
    metadata: Metadata
    day: date
    left: int
    temporary: bool = False

    @property
    def over(self) -> bool:
        return self.left < 0

    @property
    def soon(self) -> bool:
        """Whether the last days have come."""
        return self.left <= BEFORE[-1]


def dated(present: Contents, today: date) -> list[Due]:
    """Give all documents of ``listing.present`` contents that end, the next first."""
    found = []
    for id, item in present.documents.items():
        for text, temporary in ((item.valid_until, False), (item.ends_on, True)):
            if text:
                day = date.fromisoformat(text)
                found.append(Due(id, item, day, (day - today).days, temporary))
    return sorted(found, key=lambda due: (due.day, due.metadata.title))


def due(present: Contents, today: date) -> list[Due]:
    """Give what is to be announced today."""
    return [
        one
        for one in dated(present, today)
        if (
            0 <= one.left <= BEFORE_END
            if one.temporary
            else -AFTER <= one.left <= BEFORE[0]
        )
    ]


def iso_week(day: date) -> str:
    """Name the week of a day, as « 2026-W48 »."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def weeks(present: Contents, today: date) -> tuple[str, ...]:
    """Give the weeks, this one and later, in which something is to be announced."""
    found = set()
    for one in dated(present, today):
        for before in (BEFORE_END,) if one.temporary else BEFORE:
            day = one.day - timedelta(days=before)
            if day >= today or iso_week(day) == iso_week(today):
                found.add(iso_week(max(day, today)))
    return tuple(sorted(found))
