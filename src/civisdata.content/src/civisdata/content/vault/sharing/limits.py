"""How much can be shared, and for how long."""

from civisdata.content.citizens import clock
from civisdata.content.vault.sharing.parts import Head
from civisdata.content.vault.sharing.parts import Own
from civisdata.content.vault.sharing.storage import LIVE
from civisdata.content.vault.sharing.storage import OFFERED
from civisdata.content.vault.sharing.storage import Share


#: Live shares of one vault, and those of them that nobody has answered.
MAX_SHARES, MAX_OFFERS = 300, 50
#: Offers made in a day (seconds): by one citizen, and of them to one name.
DAY = 86400
MAX_DAILY, MAX_DAILY_EACH = 50, 10
#: Letters that a space keeps; further offers don't arrive.
MAX_RECEIVED = 300
#: Documents added by recipients that wait for their owner: all are filed at once.
MAX_ARRIVALS = 200
#: An offer that nobody answers ends after so many seconds.
OFFER_LIVES = 30 * 86400
#: Characters of a message, and of the name that is typed.
MAX_MESSAGE, MAX_NAME = 500, 200


def is_live(share: Share, part: Own | Head, now: float | None = None) -> bool:
    """Say whether a share is under way: not ended, and its time isn't over."""
    now = clock.now() if now is None else now
    if share.state not in LIVE or (part.until and now >= part.until):
        return False
    return share.state != OFFERED or now < share.offered_at + OFFER_LIVES
