"""What this room's neighbours within ``citizens`` end at a closing, and erase later."""

from civisdata.content.citizens import consents
from civisdata.content.citizens.events import ISpaceCloses
from civisdata.content.citizens.events import ISpaceErased
from civisdata.content.citizens.keylife.dealing import forget_all
from civisdata.content.citizens.keylife.dealing import leave_circles
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.wishes import turn_off
from plone import api


#: How consents ended that end with the space.
CHANNEL = "closing"


def end_at_once(event: ISpaceCloses) -> None:
    """Trust, consents and news by e-mail end."""
    space = event.space
    leave_circles(space)
    forget_all(space)
    for answer in consents.active(space):
        consents.withdraw(space, answer.publisher, CHANNEL, noted=False)
    if getattr(space, "_registration", None) is not None:
        turn_off(space, CHANNEL)


def erase(event: ISpaceErased) -> None:
    """Erase what is kept of the space elsewhere."""
    leave_circles(event.space)
    forget_all(event.space)
    get_book(api.portal.get()).erase(event.space.getId())
