"""Puts this room's functions in the place of collective.documentviewer's.

It offers no other way: its subscribers and views call ``queueJob``, which converts inside
the request, and its classes start programs without a limit. Another site of the same
process, without Civis Data, keeps documentviewer's own ``queueJob``.
"""

from civisdata.policy.documents.conversion import convert_document
from civisdata.policy.documents.conversion import convert_later
from civisdata.policy.documents.limits import limit_programs
from civisdata.policy.documents.setup import is_set_up
from collective.documentviewer import async_utils
from collective.documentviewer import convert_all
from collective.documentviewer import subscribers
from collective.documentviewer import upgrades
from collective.documentviewer.browser import views
from plone import api


__all__ = ["apply", "convert_document"]

_queue_job = async_utils.queueJob


def queue_job(document):
    """Ask for the conversion of a file: by our task, or as documentviewer does it."""
    ours = is_set_up(api.portal.get())
    return convert_later(document) if ours else _queue_job(document)


def apply() -> None:
    """Apply all of it; the same again when called twice."""
    for module in (async_utils, convert_all, subscribers, upgrades, views):
        module.queueJob = queue_job
    limit_programs()


apply()
