"""A citizen's wish for news by e-mail: turned on and off, with the consent on record."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.journal.storage import SELF
from civisdata.content.citizens.journal.storage import SYSTEM
from civisdata.content.citizens.journal.storage import UNKNOWN
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.newsread.choosing import CHANGED
from civisdata.content.citizens.newsread.choosing import choose
from civisdata.content.citizens.newsread.choosing import MAIL_ENDED
from civisdata.content.citizens.newsread.choosing import MAIL_STOPPED
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.notices import NEWS_BY_EMAIL
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.registrations import remember_text
from collections.abc import Collection
from datetime import datetime
from datetime import UTC
from plone import api


#: How the citizen answered.
WEB = "web"
BY_LINK = "courriel"


def turn_on(space, rhythm: str, publishers: Collection[str]) -> None:
    """Mail news of ``publishers`` (keys of PUBLISHERS) at ``rhythm`` (of RHYTHMS).

    ValueError for others, or without a publisher. What was published before isn't mailed.
    """
    chosen = tuple(id for id in PUBLISHERS if id in publishers)
    if rhythm not in RHYTHMS or not chosen:
        raise ValueError("a rhythm and a publisher")
    before = registration_of(space)
    services = tuple(dict.fromkeys((*before.services, "news")))
    choose(space, services=services, publishers=chosen, by_email=True, rhythm=rhythm)
    book = get_book(api.portal.get(), create=True)
    if not before.mail_rhythm:
        book.forget(space.getId())
        book.issues[space.getId()] = book.arrivals.last
    if not before.by_email:
        _record(space, True, WEB)


#: How the journal tells the end of the mails, and who ended them, by channel.
_NOTED = {
    WEB: (CHANGED, SELF),
    BY_LINK: (MAIL_ENDED, UNKNOWN),
    "": (MAIL_STOPPED, SYSTEM),
}


def turn_off(space, channel: str = "") -> bool:
    """Mail no more news; say whether any were mailed.

    ``channel``: how the citizen said so; empty where it wasn't the citizen's wish. One
    that isn't known here follows from something that is noted.
    """
    if not registration_of(space).by_email:
        return False
    choose(space, *_NOTED.get(channel, ("", SELF)), by_email=False)
    if channel:
        _record(space, False, channel)
    return True


def stopped_at(space) -> float | None:
    """Return when mail was stopped because it came back; None where it wasn't."""
    if registration_of(space).by_email:
        return None
    return get_book(api.portal.get()).stopped.get(space.getId())


def _record(space, answer: bool, channel: str) -> None:
    shown = notice(NEWS_BY_EMAIL)
    moment = datetime.fromtimestamp(clock.now(), UTC)
    consent = Consent(NEWS_BY_EMAIL, shown.version, moment, answer, channel)
    space._consents.append(consent.to_dict())
    remember_text(space.__parent__, shown)
