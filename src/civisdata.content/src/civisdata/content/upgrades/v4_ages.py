"""To version 4: age brackets are a vocabulary of webmasters, with the ids they had."""

from civisdata.content.news.ages import RECORD
from civisdata.content.news.ages import RETIRED_RECORD
from civisdata.content.news.ages import SHIPPED
from plone.registry import field
from plone.registry import Record
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging


logger = logging.getLogger(__name__)


def add_records(tool: SetupTool) -> None:
    """Add the records of age brackets where they are missing."""
    registry = getUtility(IRegistry)
    for name, title, value in (
        (RECORD, "Age brackets, by the age at which each begins", SHIPPED.offered),
        (RETIRED_RECORD, "Age brackets that are no longer offered", {}),
    ):
        if name not in registry.records:
            registry.records[name] = Record(
                field.Dict(
                    title=title, key_type=field.ASCIILine(), value_type=field.Int()
                ),
                dict(value),
            )
    logger.info("civisdata.content: age brackets can be set")
