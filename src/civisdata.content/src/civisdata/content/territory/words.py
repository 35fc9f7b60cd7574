"""Opening hours in words: « Ouvert, ferme à 17 h »."""

from civisdata.content import _
from civisdata.content.territory.hours import Hours
from civisdata.content.territory.hours import PARIS
from civisdata.content.territory.hours_text import time_text
from civisdata.content.territory.mairie import WEEKDAYS
from datetime import date
from datetime import datetime
from zope.i18n import translate
from zope.i18nmessageid import Message


def day_name(day: date, language: str) -> str:
    """Return « lundi »."""
    return translate(WEEKDAYS[day.weekday()], target_language=language)


def state_text(hours: Hours, now: datetime, language: str) -> Message:
    """Return whether the mairie is open now, and until when."""
    here = now.astimezone(PARIS)
    state = hours.state(here)
    if state.open:
        return _("Open now, closes at ${time}", mapping={"time": _clock(state.until)})
    if state.opens is None:
        return _("Closed now")
    days = (state.opens.date() - here.date()).days
    at = {"time": _clock(state.opens)}
    if days == 0:
        return _("Closed now, opens at ${time}", mapping=at)
    if days == 1:
        return _("Closed now, opens tomorrow at ${time}", mapping=at)
    if days < 7:
        at["day"] = day_name(state.opens.date(), language)
    else:
        at["day"] = state.opens.strftime("%d/%m/%Y")
    return _("Closed now, opens on ${day} at ${time}", mapping=at)


def _clock(moment: datetime) -> str:
    minute = moment.hour * 60 + moment.minute
    return time_text(minute or 24 * 60)
