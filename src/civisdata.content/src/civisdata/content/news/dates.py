"""Dates in words, in the language of the page."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo
from zope.i18n.locales import locales


PARIS = ZoneInfo("Europe/Paris")


@lru_cache(maxsize=8)
def _formatter(language: str):
    parts = (language or "fr").split("-")
    locale = locales.getLocale(parts[0], None, None)
    return locale.dates.getFormatter("date", "long")


def long_date(moment: datetime, language: str = "fr") -> str:
    """Return ``23 novembre 2026`` for a moment; « 1er » for the first of a month."""
    text = _formatter(language).format(moment.date())
    if language.startswith("fr") and text.startswith("1 "):
        text = "1er" + text[1:]
    return text


def long_moment(moment: datetime, language: str = "fr") -> str:
    """Return ``23 novembre 2026 à 14 h 05`` for a moment with its zone, in Paris."""
    here = moment.astimezone(PARIS)
    if not language.startswith("fr"):
        return f"{long_date(here, language)}, {here:%H:%M}"
    return f"{long_date(here, language)} à {here.hour}\u00a0h\u00a0{here:%M}"
