"""Puts this room's functions in the place of collective.documentviewer's.

It offers no other way: its subscribers and views call ``queueJob``, which converts inside
the request, and its classes start programs without a limit.
"""

from civisdata.policy.documents.conversion import convert_document
from civisdata.policy.documents.conversion import convert_later
from civisdata.policy.documents.limits import limit_programs
from collective.documentviewer import async_utils
from collective.documentviewer import convert_all
from collective.documentviewer import subscribers
from collective.documentviewer import upgrades
from collective.documentviewer.browser import views


__all__ = ["apply", "convert_document"]


def apply() -> None:
    """Apply all of it; the same again when called twice."""
    for module in (async_utils, convert_all, subscribers, upgrades, views):
        module.queueJob = convert_later
    limit_programs()


apply()
