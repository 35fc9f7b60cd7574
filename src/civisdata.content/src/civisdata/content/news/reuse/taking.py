"""Taking a news item over: who may, from where, to where."""

from civisdata.content.news.editing.people import may_publish_for
from civisdata.content.news.editing.states import PUBLISHED
from civisdata.content.news.editing.states import state_of
from civisdata.content.news.publisher import publisher_of
from civisdata.content.news.reuse.following import copies_of
from civisdata.content.news.reuse.following import copy_fields
from civisdata.content.news.reuse.sources import set_source
from civisdata.content.news.reuse.sources import Source
from civisdata.content.news.reuse.sources import source_of
from plone import api
from plone.dexterity.utils import addContentToContainer
from plone.dexterity.utils import createContent


def section_of(site, publisher: str):
    """Return the folder of a publisher's news; None without one."""
    place = site.get("cub") if publisher == "cub" else site["communes"].get(publisher)
    return None if place is None else place.get("actualites")


def may_take(item) -> list[str]:
    """Return the publishers for which the current user may take ``item`` over now.

    Only what is public is taken over, from who wrote it (not from another one who took
    it over), and once for each publisher.
    """
    if source_of(item) is not None or state_of(item) != PUBLISHED:
        return []
    mine = may_publish_for(api.portal.get())
    if not mine:
        return []
    taken = {brain.publisher for brain in copies_of(item.UID())}
    return [id for id in mine if id not in taken and id != publisher_of(item)]


def take_over(item, publisher: str):
    """Make a draft of ``publisher`` that follows ``item``; return it.

    PermissionError where ``may_take`` doesn't name the publisher.
    """
    if publisher not in may_take(item):
        raise PermissionError(publisher)
    section = section_of(api.portal.get(), publisher)
    if not api.user.has_permission("Add portal content", obj=section):
        raise PermissionError(publisher)
    copy = createContent("News Item")
    copy_fields(item, copy)
    set_source(copy, Source(publisher_of(item), item.UID()))
    return addContentToContainer(section, copy, checkConstraints=False)
