"""A published news item is public from its start to its end, not before, not after."""

from AccessControl import getSecurityManager
from Acquisition import aq_base
from civisdata.content.interfaces import ICivisdataLayer
from civisdata.content.news.editing.states import ENDED
from civisdata.content.news.editing.states import SCHEDULED
from civisdata.content.news.editing.states import state_of
from plone.app.contenttypes.interfaces import INewsItem
from zExceptions import NotFound
from ZPublisher.interfaces import IPubAfterTraversal


def may_edit(item) -> bool:
    """Return whether the current user writes or publishes for the item's publisher."""
    may = getSecurityManager().checkPermission
    return bool(
        may("Modify portal content", item) or may("Review portal content", item)
    )


def hide_what_is_not_public_now(event: IPubAfterTraversal) -> None:
    """Raise ``NotFound`` for a scheduled or ended news item, its image and all below.

    Those who may edit it go on. The catalog leaves such items out by itself; this is for
    who knows the address.
    """
    request = event.request
    if not ICivisdataLayer.providedBy(request):
        return
    for place in (request.get("PUBLISHED"), *request["PARENTS"]):
        # The services of plone.rest wrap what they are called on.
        for item in (place, getattr(aq_base(place), "context", None)):
            if (
                INewsItem.providedBy(item)
                and state_of(item) in (SCHEDULED, ENDED)
                and not may_edit(item)
            ):
                raise NotFound(item.getId())
