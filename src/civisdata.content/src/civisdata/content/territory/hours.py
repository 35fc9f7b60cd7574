"""Opening hours of a mairie: weekdays, exceptions, public holidays.

Times are minutes since midnight, in the town's own time. What is stored is plain JSON::

    {"week": [[["08:30", "12:30"], ["13:30", "17:00"]], …seven days, Monday first],
     "exceptions": [{"from": "2026-12-24", "to": "2026-12-24", "label": "…", "spans": []}],
     "holidays": "closed"}

``holidays`` is ``closed`` or ``open`` (the hours of the weekday hold).
"""

from civisdata.content.territory.holidays import is_holiday
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo
import re


PARIS = ZoneInfo("Europe/Paris")

#: Most spans of one day, and most exceptions of one mairie.
MOST_SPANS = 4
MOST_EXCEPTIONS = 40
LONGEST_LABEL = 80

#: How many days ahead the next opening is looked for.
_AHEAD = 60

_DAY = 24 * 60
_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")

Span = tuple[int, int]


class HoursError(ValueError):
    """Hours that can't be: ``reason`` is ``form``, ``order`` or ``overlap``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked(spans: list[Span]) -> tuple[Span, ...]:
    """Return spans in their order; ``HoursError`` for an end before its start, overlaps."""
    if len(spans) > MOST_SPANS:
        raise HoursError("form")
    for start, end in spans:
        if not (0 <= start < _DAY and 0 < end <= _DAY):
            raise HoursError("form")
        if end <= start:
            raise HoursError("order")
    ordered = sorted(spans)
    for before, after in pairwise(ordered):
        if after[0] < before[1]:
            raise HoursError("overlap")
    return tuple(ordered)


@dataclass(frozen=True)
class Special:
    """Days with hours of their own; closed where it has no spans."""

    first: date
    last: date
    label: str = ""
    spans: tuple[Span, ...] = ()

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Day:
    """What holds on one day, and why where it isn't the weekday's."""

    date: date
    spans: tuple[Span, ...]
    label: str = ""
    holiday: bool = False


@dataclass(frozen=True)
class State:
    """Open until, or closed; ``opens`` is the next opening, where one is near."""

    open: bool
    until: datetime | None = None
    opens: datetime | None = None


@dataclass(frozen=True)
class Hours:
    """The opening hours of one mairie."""

    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    exceptions: tuple[Special, ...] = field(default=())
    closed_on_holidays: bool = True

    def __bool__(self) -> bool:
        """Say whether anything is known."""
        return any(self.week)

    def day(self, day: date) -> Day:
        """Return what holds on ``day``: an exception, a public holiday, the weekday."""
        for exception in self.exceptions:
            if exception.holds(day):
                return Day(day, exception.spans, exception.label)
        holiday = is_holiday(day)
        if holiday and self.closed_on_holidays:
            return Day(day, (), holiday=True)
        return Day(day, self.week[day.weekday()], holiday=holiday)

    def state(self, now: datetime) -> State:
        """Return whether the mairie is open at ``now`` (aware), and until when."""
        here = now.astimezone(PARIS)
        minute = here.hour * 60 + here.minute
        for start, end in self.day(here.date()).spans:
            if start <= minute < end:
                return State(True, until=_moment(here.date(), end))
        return State(False, opens=self._next(here))

    def _next(self, here: datetime) -> datetime | None:
        minute = here.hour * 60 + here.minute
        for ahead in range(_AHEAD):
            day = here.date() + timedelta(ahead)
            for start, _end in self.day(day).spans:
                if ahead or start > minute:
                    return _moment(day, start)
        return None

    def coming(self, today: date, days: int = 60) -> list[Special]:
        """Return the exceptions that are running or near, the nearest first."""
        until = today + timedelta(days)
        return sorted(
            (e for e in self.exceptions if e.last >= today and e.first <= until),
            key=lambda exception: exception.first,
        )


def _moment(day: date, minute: int) -> datetime:
    start = datetime(day.year, day.month, day.day, tzinfo=PARIS)
    if minute == _DAY:
        return start + timedelta(1)
    return start.replace(hour=minute // 60, minute=minute % 60)


def _minutes(text: object) -> int:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise HoursError("form")
    return int(match[1]) * 60 + int(match[2])


def _text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _spans_from(raw: object) -> tuple[Span, ...]:
    if not isinstance(raw, list) or not all(
        isinstance(pair, list) and len(pair) == 2 for pair in raw
    ):
        raise HoursError("form")
    return checked([(_minutes(start), _minutes(end)) for start, end in raw])


def _spans_to(spans: tuple[Span, ...]) -> list[list[str]]:
    return [[_text(start), _text(end)] for start, end in spans]


def _exception_from(raw: object) -> Special:
    if not isinstance(raw, dict):
        raise HoursError("form")
    label = raw.get("label", "")
    if not isinstance(label, str) or len(label) > LONGEST_LABEL:
        raise HoursError("form")
    try:
        first = date.fromisoformat(raw["from"])
        last = date.fromisoformat(raw["to"])
    except (KeyError, TypeError, ValueError) as error:
        raise HoursError("form") from error
    if last < first:
        raise HoursError("order")
    return Special(first, last, label, _spans_from(raw.get("spans", [])))


def overlapping(exceptions: list[Special]) -> tuple[Special, Special] | None:
    """Return two exceptions that share a day, or None."""
    ordered = sorted(exceptions, key=lambda exception: exception.first)
    for before, after in pairwise(ordered):
        if after.first <= before.last:
            return before, after
    return None


def from_json(raw: object) -> Hours:
    """Return the hours that were stored; none for ``None``; raise ``HoursError``."""
    if raw is None or raw == {}:
        return Hours()
    if not isinstance(raw, dict):
        raise HoursError("form")
    week, exceptions = raw.get("week", [[]] * 7), raw.get("exceptions", [])
    if not isinstance(week, list) or len(week) != 7 or not isinstance(exceptions, list):
        raise HoursError("form")
    holidays = raw.get("holidays", "closed")
    unknown = set(raw) - {"week", "exceptions", "holidays"}
    if unknown or holidays not in ("closed", "open"):
        raise HoursError("form")
    if len(exceptions) > MOST_EXCEPTIONS:
        raise HoursError("form")
    found = [_exception_from(row) for row in exceptions]
    if overlapping(found):
        raise HoursError("overlap")
    return Hours(
        tuple(_spans_from(day) for day in week),
        tuple(sorted(found, key=lambda exception: exception.first)),
        holidays == "closed",
    )


def to_json(hours: Hours) -> dict:
    """Return what is stored."""
    return {
        "week": [_spans_to(day) for day in hours.week],
        "exceptions": [
            {
                "from": exception.first.isoformat(),
                "to": exception.last.isoformat(),
                "label": exception.label,
                "spans": _spans_to(exception.spans),
            }
            for exception in hours.exceptions
        ],
        "holidays": "closed" if hours.closed_on_holidays else "open",
    }
