"""Which news a reader is mailed: one query for each distinct choice, not for each reader."""

from civisdata.content.citizens.news_mail.arrivals import Arrivals
from civisdata.content.citizens.newsread.choices import Choices
from civisdata.content.news.feed import among
from civisdata.content.news.feed import FeedItem
from civisdata.content.news.feed import newest
from civisdata.content.news.feed import page_of
from civisdata.content.news.feed import places_of
from plone import api


#: News of one mail; what is beyond is found on the portal.
MOST = 30

#: Seconds for which an answer is believed: news end by their date of expiry too.
TRUSTED = 30


class Selection:
    """The news that are public now, by choice.

    Answers are kept for as long as nothing changes in the portal's catalog, and for
    ``TRUSTED`` seconds at most, so that what is withdrawn isn't mailed any more.
    """

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._state: tuple = ()
        self._numbers: dict[str, tuple[int, float]] = {}
        self._places: frozenset[int] = frozenset()
        self._found: dict[Choices, tuple[FeedItem, ...]] = {}
        #: Queries of the catalog so far.
        self.queries = 0

    def items(
        self,
        choice: Choices,
        until: int,
        now: float,
        *,
        after: int | None = None,
        since: float = 0.0,
    ) -> list[FeedItem]:
        """Return what has a number up to ``until``, newest first.

        Of it, what has a number above ``after``; without ``after``, what has arrived
        ``since`` a time.
        """
        self._refresh(now)
        if choice not in self._found:
            self._found[choice] = self._query(choice)
        found = []
        for item in self._found[choice]:
            number, at = self._numbers[item.uid]
            is_new = at >= since if after is None else number > after
            if number <= until and is_new:
                found.append(item)
        return found[:MOST]

    def _refresh(self, now: float) -> None:
        counter = api.portal.get_tool("portal_catalog").getCounter()
        state = (counter, self._arrivals.last, int(now // TRUSTED))
        if state != self._state:
            self._state, self._found = state, {}
            self._numbers = self._arrivals.numbers()
            self._places = places_of(self._numbers)

    def _query(self, choice: Choices) -> tuple[FeedItem, ...]:
        self.queries += 1
        places = newest(choice.publishers, choice.topics, choice.brackets)
        return page_of(among(places, self._places), size=100).items
