"""Moments as citizens read them."""

from datetime import datetime
from zoneinfo import ZoneInfo


ZONE = ZoneInfo("Europe/Paris")


def written_time(seconds: float) -> str:
    """Write a time of day from seconds since 1970, as « 14 h 05 »."""
    return datetime.fromtimestamp(seconds, ZONE).strftime("%H\u00a0h\u00a0%M")


def written_moment(seconds: float) -> str:
    """Write day and time from seconds since 1970, as « 23/11/2026, 14 h 05 »."""
    day = datetime.fromtimestamp(seconds, ZONE).strftime("%d/%m/%Y")
    return f"{day}, {written_time(seconds)}"
