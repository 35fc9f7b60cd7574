"""Who publishes: computed from where an item lies, never typed."""

from Acquisition import aq_chain
from Acquisition import aq_inner
from civisdata.content.territory.interfaces import IPublisher
from plone.indexer import indexer
from zope.interface import Interface


def publisher_of(item) -> str | None:
    """Return the id of the publisher above ``item``: ``cub``, or a commune's slug."""
    for place in aq_chain(aq_inner(item)):
        if IPublisher.providedBy(place):
            return place.getId()
    return None


@indexer(Interface)
def publisher(item) -> str:
    """Index ``publisher`` of the catalog; nothing outside of publishers."""
    found = publisher_of(item)
    if found is None:
        raise AttributeError("publisher")
    return found
