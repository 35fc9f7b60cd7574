"""``@@actualites.atom`` and ``@@actualites.json`` of the portal, the CUB, each commune."""

from civisdata.content.news.publisher import publisher_of
from civisdata.content.news.syndication.conditional import send
from civisdata.content.news.syndication.feeds import atom
from civisdata.content.news.syndication.feeds import ATOM_TYPE
from civisdata.content.news.syndication.feeds import json_feed
from civisdata.content.news.syndication.feeds import JSON_TYPE
from civisdata.content.news.syndication.public import make_feed
from civisdata.content.news.syndication.public import Source
from civisdata.content.news.topics import topic_titles
from Products.Five import BrowserView
from zExceptions import NotFound


#: Seconds for which a feed may be kept.
KEPT = 300


class _FeedView(BrowserView):
    def source(self) -> Source:
        """Return what is asked for; an unknown topic has no feed."""
        topic = self.request.form.get("sujet", "")
        if topic and (not isinstance(topic, str) or topic not in topic_titles()):
            raise NotFound(self.__name__)
        return Source(publisher_of(self.context) or "", topic)


class AtomView(_FeedView):
    """The feed as Atom."""

    def __call__(self) -> bytes:
        feed = make_feed(self.source())
        return send(self.request, atom(feed), ATOM_TYPE, feed.updated, KEPT)


class JsonView(_FeedView):
    """The feed as JSON Feed; programs of other sites may read it."""

    def __call__(self) -> bytes:
        feed = make_feed(self.source())
        self.request.response.setHeader("Access-Control-Allow-Origin", "*")
        return send(self.request, json_feed(feed), JSON_TYPE, feed.updated, KEPT)
