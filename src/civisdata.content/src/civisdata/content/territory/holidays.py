"""The public holidays of metropolitan France (Code du travail, art. L3133-1)."""

from datetime import date
from datetime import timedelta
from functools import lru_cache


_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))

#: Easter Monday, Ascension, Whit Monday: days after Easter.
_AFTER_EASTER = (1, 39, 50)


def easter(year: int) -> date:
    """Return Easter Sunday of a year (the anonymous Gregorian computation)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, g = b // 4, b % 4, (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=8)
def holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of a year."""
    moving = {easter(year) + timedelta(days) for days in _AFTER_EASTER}
    return frozenset({date(year, month, day) for month, day in _FIXED} | moving)


def is_holiday(day: date) -> bool:
    """Say whether ``day`` is a public holiday."""
    return day in holidays(day.year)
