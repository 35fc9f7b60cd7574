"""To version 3: topics that are retired, and what the catalog knows of the news."""

from civisdata.content.news.feed_index import fill_index
from civisdata.content.news.topics import RETIRED_RECORD
from plone import api
from plone.registry import field
from plone.registry import Record
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging


logger = logging.getLogger(__name__)

_INDEXES = ["news_ages", "news_origin", "news_original", "news_topics", "publisher"]


def index_news(tool: SetupTool) -> None:
    """Add the record of retired topics where it is missing; index all news anew."""
    registry = getUtility(IRegistry)
    if RETIRED_RECORD not in registry.records:
        registry.records[RETIRED_RECORD] = Record(
            field.Dict(
                title="Topics that are no longer offered",
                key_type=field.ASCIILine(),
                value_type=field.TextLine(),
            ),
            {},
        )
    catalog = api.portal.get_tool("portal_catalog")
    brains = catalog.unrestrictedSearchResults(portal_type="News Item")
    for number, brain in enumerate(brains, 1):
        item = brain._unrestrictedGetObject()
        catalog.catalog_object(
            item, brain.getPath(), idxs=_INDEXES, update_metadata=True
        )
        if number % 500 == 0:
            tool._p_jar.cacheGC()
    logger.info("civisdata.content: %d news are indexed by topic and age", len(brains))


def index_feeds(tool: SetupTool) -> None:
    """Add the index that feeds are read from, with all public news."""
    count = fill_index()
    logger.info("civisdata.content: %d public news are in the feeds", count)
