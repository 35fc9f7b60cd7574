"""What the catalog knows of news, so that a feed is one query.

``news_topics`` and ``news_ages`` are never empty: what concerns everybody has the value
``EVERYBODY``, so « mine or everybody's » is one look-up of the index.
"""

from Acquisition import aq_base
from civisdata.content.news.publisher import publisher_of
from plone.app.contenttypes.interfaces import INewsItem
from plone.indexer import indexer


#: In the place of topics or brackets of what has none. No id looks like it.
EVERYBODY = "*"

#: ``news_origin`` of what was not taken over from another publisher.
OWN = "*"


@indexer(INewsItem)
def news_topics(item) -> list[str]:
    """Index: the ids of the topics."""
    return list(getattr(aq_base(item), "topics", None) or ()) or [EVERYBODY]


@indexer(INewsItem)
def news_ages(item) -> list[str]:
    """Index: the ids of the age brackets concerned."""
    return list(getattr(aq_base(item), "age_brackets", None) or ()) or [EVERYBODY]


@indexer(INewsItem)
def news_origin(item) -> str:
    """Index: from which publisher it is taken over and kept up to date."""
    return origin_of(item) or OWN


@indexer(INewsItem)
def news_image_alt(item) -> str:
    """Metadata: what the lead image shows."""
    return getattr(aq_base(item), "image_alt", None) or ""


@indexer(INewsItem)
def news_source(item) -> str:
    """Metadata: the publisher that wrote it, where it isn't its own."""
    source = getattr(aq_base(item), "_source", None)
    return source.publisher if source else ""


def origin_of(item) -> str:
    """Return the publisher that ``item`` follows; empty for what stands by itself."""
    source = getattr(aq_base(item), "_source", None)
    if source is None or not source.follows or source.publisher == publisher_of(item):
        return ""
    return source.publisher
