"""The element that makes the catalog's lexicon French.

Of each text the folded words are indexed, then their stems, marked: the beginning of a
word is looked for among the words, a whole word among the stems. Both stand in the order
of the text, so that phrases are found too.
"""

from civisdata.content.search.french import MARK
from civisdata.content.search.french import stem
from civisdata.content.search.french import STOP_WORDS
from plone import api
from Products.CMFPlone.UnicodeSplitter.splitter import I18NNormalizer
from Products.CMFPlone.UnicodeSplitter.splitter import Splitter
from Products.ZCatalog.interfaces import IZCatalog
from Products.ZCTextIndex.interfaces import IPipelineElement
from zope.interface import implementer
import logging
import transaction


logger = logging.getLogger(__name__)

LEXICON = "plone_lexicon"

#: Objects between two savepoints of a rebuilding.
_STRETCH = 500


def _whole(word: str) -> str:
    """Give what stands in the index for a whole word."""
    return word if word in STOP_WORDS else MARK + stem(word)


@implementer(IPipelineElement)
class FrenchWords:
    """Stands after Plone's splitter and normalizer: gets folded words."""

    def process(self, lst: list[str]) -> list[str]:
        """Of a text that is indexed: its words, then their stems.

        The small words stay, among both: a query of nothing else, which Plone's own pages
        and services may send, would be an error of the parser without them.
        """
        return lst + [_whole(word) for word in lst]

    def processGlob(self, lst: list[str]) -> list[str]:
        """Of a query: beginnings as they are, stems of whole words."""
        return [word if "*" in word or "?" in word else _whole(word) for word in lst]

    def process_post_glob(self, lst: list[str]) -> list[str]:
        """Of a query's terms when they are looked up: what ``processGlob`` made."""
        return lst


def is_french(catalog: IZCatalog) -> bool:
    """Say whether the catalog's lexicon knows French."""
    return any(isinstance(part, FrenchWords) for part in catalog[LEXICON]._pipeline)


def make_french(catalog: IZCatalog) -> int:
    """Give the lexicon its element and index all texts anew, once.

    Returns how many objects were indexed.
    """
    if is_french(catalog):
        return 0
    return _rebuild(catalog, (Splitter(), I18NNormalizer(), FrenchWords()))


def make_plain(catalog: IZCatalog) -> int:
    """Give the lexicon back as Plone makes it."""
    if not is_french(catalog):
        return 0
    return _rebuild(catalog, (Splitter(), I18NNormalizer()))


def _rebuild(catalog: IZCatalog, pipeline: tuple) -> int:
    lexicon = catalog[LEXICON]
    indexes = [
        index
        for index in catalog.getIndexObjects()
        if index.meta_type == "ZCTextIndex" and index.lexicon_id == LEXICON
    ]
    # What is waiting to be indexed is not indexed by the old lexicon afterwards.
    catalog.unrestrictedSearchResults(path={"query": "/", "depth": 0})
    lexicon._pipeline = pipeline
    for index in indexes:
        index.clear()
    lexicon.clear()
    names = [index.id for index in indexes]
    number = 0
    for path in list(catalog._catalog.uids):
        item = catalog.unrestrictedTraverse(path, None)
        if item is None:
            logger.warning("the catalog has an object that isn't there any more")
            continue
        catalog.catalog_object(item, path, idxs=names, update_metadata=False)
        number += 1
        if number % _STRETCH == 0:
            transaction.savepoint(optimistic=True)
            catalog._p_jar.cacheGC()
    logger.info("civisdata.content: texts of %s objects are indexed anew", number)
    return number


def install(tool) -> None:
    """After the content profile is applied: make the lexicon French."""
    make_french(api.portal.get_tool("portal_catalog"))


def uninstall(tool) -> None:
    """After the content profile is taken away: nothing of ours stays in the lexicon."""
    make_plain(api.portal.get_tool("portal_catalog"))
