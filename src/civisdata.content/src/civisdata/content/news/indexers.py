"""What the catalog knows of news, so that a feed is one query.

``news_topics`` and ``news_ages`` are never empty: what concerns everybody has the value
``EVERYBODY``, so « mine or everybody's » is one look-up of the index.
"""

from Acquisition import aq_base
from civisdata.content.news.publisher import publisher_of
from civisdata.content.news.reuse.sources import source_of
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
    source = source_of(item)
    return source.publisher if source else ""


@indexer(INewsItem)
def news_original(item) -> str:
    """Index: the UID of the original that it follows; nothing for all others."""
    source = source_of(item)
    if source is None or not source.follows:
        raise AttributeError("news_original")
    return source.uid


def origin_of(item) -> str:
    """Return the publisher that ``item`` follows; empty for what stands by itself."""
    source = source_of(item)
    if source is None or not source.follows or source.publisher == publisher_of(item):
        return ""
    return source.publisher
