"""What of the news a citizen has read, for whoever exports everything."""

from civisdata.content.citizens.newsread.marks import Reading
from civisdata.content.news.feed import newest
from civisdata.content.news.feed import uid_at
from civisdata.content.news.feed_index import seconds_of
from datetime import datetime
from datetime import UTC


#: News that are compared with the marks at most.
_COMPARED = 5000


def news_read(space) -> dict | None:
    """Return the moment up to which all is read, and the UIDs of what was read since.

    The marks can't be turned back into UIDs: the public news of that time are compared
    with them. None for who has marked nothing.
    """
    if space._news_read is None:
        return None
    reading, found = Reading(space), []
    for number, place in enumerate(newest()):
        seconds = seconds_of(place)
        if seconds <= reading.until or number >= _COMPARED:
            break
        if reading.is_read(uid_at(place), seconds):
            found.append(uid_at(place))
    until = datetime.fromtimestamp(reading.until, UTC).isoformat()
    return {"all_read_until": until, "read_since": found}
