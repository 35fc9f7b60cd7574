"""Opening hours as people type and read them: « 8 h 30 – 12 h 30, 13 h 30 – 17 h »."""

from civisdata.content.territory.hours import checked
from civisdata.content.territory.hours import HoursError
from civisdata.content.territory.hours import Span
import re


#: No-break spaces: between number and « h » (narrow), before the dash.
_THIN = "\u202f"

_TIME = r"(\d{1,2})\s*(?:[h:.]|heures?)\s*(\d{2})?(?:\s*(?:min|mn))?"
_SPAN = re.compile(rf"(?:de\s+)?{_TIME}\s*(?:-|–|—|à|a)\s*{_TIME}", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|/|\bet\b|\n)\s*", re.IGNORECASE)
_CLOSED = frozenset(("", "ferme", "fermé", "fermée", "-", "–"))

#: Longest text of one day.
LONGEST = 120


def parse(text: str) -> tuple[Span, ...]:
    """Return the spans of a text, none for « fermé »; raise ``HoursError``.

    Reads « 8h30-12h30, 13h30-17h », « 08:30 – 12:30 et 13:30 – 17:00 », « de 9 h à 12 h ».
    """
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()
    if text.lower().rstrip(".") in _CLOSED:
        return ()
    if len(text) > LONGEST:
        raise HoursError("form")
    spans = []
    for part in _BETWEEN.split(text):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise HoursError("form")
        spans.append((_minute(match[1], match[2]), _minute(match[3], match[4])))
    return checked(spans)


def _minute(hours: str, minutes: str | None) -> int:
    value = int(hours) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or value > 24 * 60:
        raise HoursError("form")
    return value


def time_text(minute: int) -> str:
    """Return a time as it is written: « 8 h 30 », « 17 h »."""
    hours, minutes = divmod(minute, 60)
    return f"{hours}{_THIN}h{_THIN}{minutes:02d}" if minutes else f"{hours}{_THIN}h"


def spans_text(spans: tuple[Span, ...]) -> str:
    """Return spans as they are read: « 8 h 30 – 12 h 30, 13 h 30 – 17 h »."""
    return ", ".join(
        f"{time_text(start)}\u00a0–\u00a0{time_text(end)}" for start, end in spans
    )


def typed_text(spans: tuple[Span, ...]) -> str:
    """Return spans as one types them: « 8h30-12h30, 13h30-17h »."""

    def time(minute: int) -> str:
        hours, minutes = divmod(minute, 60)
        return f"{hours}h{minutes:02d}" if minutes else f"{hours}h"

    return ", ".join(f"{time(start)}-{time(end)}" for start, end in spans)
