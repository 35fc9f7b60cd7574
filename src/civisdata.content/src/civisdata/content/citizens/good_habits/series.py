"""The series that webmasters edit, and which of it is due for a citizen.

Nothing is written to show one: the turn of a citizen follows from the day of the
registration and the rhythm. A space keeps no more than the number of the last turn whose
advice its citizen has put away.
"""

from Acquisition import aq_base
from civisdata.content import _
from civisdata.content.numbers import whole_number
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from persistent.mapping import PersistentMapping
from zope.i18nmessageid import Message
import json


#: Days between two of them, unless webmasters set another number.
DAYS = 14
MOST_DAYS = 365

#: Bounds of a series.
MOST = 50
LONGEST_TITLE = 120
LONGEST_TEXT = 2000

_ATTRIBUTE = "_civisdata_good_habits"
_DONE = "_good_habit_done"


@dataclass(frozen=True)
class Habit:
    """One « bon geste »; who isn't ``active`` is kept, but not shown."""

    id: str
    title: str
    text: str
    active: bool = True


@dataclass(frozen=True)
class Series:
    """All of them in their order, and the days between two."""

    habits: tuple[Habit, ...]
    days: int = DAYS


@dataclass(frozen=True)
class Due:
    """What a citizen sees now; ``number`` tells turns apart."""

    number: int
    title: str
    text: str


class BadSeries(ValueError):
    """A series that can't be kept; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@cache
def shipped() -> Series:
    """Return the first set, which comes with the portal."""
    source = files("civisdata.content.citizens.good_habits").joinpath("habits.json")
    rows = json.loads(source.read_text(encoding="utf-8"))
    return Series(tuple(Habit(**row) for row in rows))


def series_of(site) -> Series:
    """Return the series as webmasters have set it, else the first set."""
    stored = getattr(aq_base(site), _ATTRIBUTE, None)
    if stored is None:
        return shipped()
    return Series(tuple(Habit(**row) for row in stored["habits"]), stored["days"])


def keep(site, series: Series) -> None:
    """Set the series; BadSeries."""
    _check(series)
    stored = {"habits": [asdict(one) for one in series.habits], "days": series.days}
    setattr(aq_base(site), _ATTRIBUTE, PersistentMapping(stored))


def _check(series: Series) -> None:
    if not 1 <= series.days <= MOST_DAYS:
        raise BadSeries(
            _(
                "The number of days is between 1 and ${most}.",
                mapping={"most": MOST_DAYS},
            )
        )
    if len(series.habits) > MOST:
        raise BadSeries(
            _("There can be ${most} good habits at most.", mapping={"most": MOST})
        )
    for one in series.habits:
        if not one.title or not one.text:
            raise BadSeries(_("A good habit has a title and a text."))
        if len(one.title) > LONGEST_TITLE or len(one.text) > LONGEST_TEXT:
            raise BadSeries(_("A title or a text is too long."))


def next_id(habits: Sequence[Habit]) -> str:
    """Return an id that none of ``habits`` has."""
    numbers = [whole_number(one.id) or 0 for one in habits]
    return str(max(numbers, default=0) + 1)


def due_for(site, space, today: date) -> Due | None:
    """Return what is due for a citizen; None where it was put away, or there is none."""
    series = series_of(site)
    active = [one for one in series.habits if one.active]
    registered = getattr(aq_base(space), "_registered", None)
    if not active or registered is None:
        return None
    number = max(0, (today - registered.date()).days) // series.days
    if getattr(aq_base(space), _DONE, -1) == number:
        return None
    habit = active[number % len(active)]
    return Due(number, habit.title, habit.text)


def put_away(space, number: int) -> None:
    """Show the advice of this turn no more; the next one comes in its time."""
    setattr(aq_base(space), _DONE, number)
