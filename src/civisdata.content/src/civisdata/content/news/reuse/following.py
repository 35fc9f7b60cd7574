"""What was taken over follows its original, by a task after each change."""

from Acquisition import aq_base
from civisdata.content import _
from civisdata.content.news.editing.notices import note_for_author
from civisdata.content.news.reuse.sources import item_of
from civisdata.content.news.reuse.sources import set_follows
from civisdata.content.news.reuse.sources import source_of
from civisdata.content.tasks import enqueue
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from plone import api
from plone.app.contenttypes.interfaces import INewsItem
from plone.namedfile.file import NamedBlobImage
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent


TASK = "news-follow"

#: What follows, beside the image.
_FIELDS = (
    "title",
    "description",
    "text",
    "image_alt",
    "image_caption",
    "topics",
    "age_brackets",
    "effective_date",
    "expiration_date",
)


def copies_of(uid: str) -> list:
    """Return the catalog's rows of what was taken over from an original and follows it."""
    catalog = api.portal.get_tool("portal_catalog")
    return list(catalog.unrestrictedSearchResults(news_original=uid))


def original_changed(item: INewsItem, event) -> None:
    """Have the copies follow, where there are any; for all that happens to an original."""
    uid = api.content.get_uuid(item)
    if uid and copies_of(uid):
        enqueue(TASK, uid=uid)


@task(TASK, title=_("News that were taken over follow their original"))
def follow(site, progress: Progress, uid: str) -> None:
    """Bring what follows the original ``uid`` up to date; done twice, it changes nothing."""
    original = item_of(uid)
    public = original is not None and api.content.get_state(original) == "published"
    for brain in copies_of(uid):
        copy = brain._unrestrictedGetObject()
        if public:
            if copy_fields(original, copy):
                notify(ObjectModifiedEvent(copy))
                copy.reindexObject()
        else:
            _withdraw(copy, original)


def _withdraw(copy, original) -> None:
    """Take a copy back whose original is no longer public."""
    archived = original is not None and api.content.get_state(original) == "archived"
    workflow = api.portal.get_tool("portal_workflow")
    if api.content.get_state(copy) == "published":
        workflow.doActionFor(copy, "archive" if archived else "retract")
        note_for_author(copy, "withdrawn", "")
    if original is None:
        set_follows(copy, False)
        copy.reindexObject(idxs=["news_origin", "news_original"])


def copy_fields(original, copy) -> bool:
    """Copy what follows; return whether anything has changed."""
    changed = False
    source, target = aq_base(original), aq_base(copy)
    for name in _FIELDS:
        value = getattr(source, name, None)
        if not _same(value, getattr(target, name, None)):
            setattr(target, name, value)
            changed = True
    mine, theirs = getattr(target, "image", None), getattr(source, "image", None)
    if (mine.data if mine else None) != (theirs.data if theirs else None):
        target.image = theirs and NamedBlobImage(
            theirs.data, theirs.contentType, theirs.filename
        )
        changed = True
    return changed


def _same(one, other) -> bool:
    raw = getattr(one, "raw", None), getattr(other, "raw", None)
    return raw[0] == raw[1] if None not in raw else one == other


def follow_again(copy) -> None:
    """Let a copy follow its original again; what was changed in it is given up.

    KeyError where there is nothing to follow.
    """
    source = source_of(copy)
    original = item_of(source.uid) if source is not None else None
    if original is None or api.content.get_state(original) != "published":
        raise KeyError("follow")
    set_follows(copy, True)
    copy_fields(original, copy)
    notify(ObjectModifiedEvent(copy))
    copy.reindexObject()


def detach(copy) -> None:
    """Let a copy stand by itself; KeyError for what follows nothing."""
    source = source_of(copy)
    if source is None or not source.follows:
        raise KeyError("detach")
    set_follows(copy, False)
    copy.reindexObject(idxs=["news_origin", "news_original"])
