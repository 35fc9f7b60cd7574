"""Dates in words, in the language of the page."""

from datetime import datetime
from functools import lru_cache
from zope.i18n.locales import locales


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
