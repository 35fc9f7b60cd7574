"""What has ended goes to the archive by itself."""

from civisdata.content import _
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from DateTime import DateTime
from plone import api
import logging
import transaction


logger = logging.getLogger("civisdata.news")

#: Items of one transaction.
BATCH = 50


@nightly("archive-news", hour=3, title=_("Archive of the news that have ended"))
def archive_ended_news(site, progress: Progress) -> None:
    """Archive each published news item whose end has passed."""
    archive_ended(progress, DateTime())


def archive_ended(progress, now: DateTime) -> int:
    """Archive what ended before ``now``; give how many. Commits by batches.

    An item is looked at again before it is archived: run twice, it does nothing twice.
    """
    catalog, count = api.portal.get_tool("portal_catalog"), 0
    workflow = api.portal.get_tool("portal_workflow")
    brains = catalog.unrestrictedSearchResults(
        portal_type="News Item",
        review_state="published",
        expires={"query": now, "range": "max"},
    )
    for number, brain in enumerate(brains, 1):
        item = brain._unrestrictedGetObject()
        ended = item.expiration_date
        if (
            ended is not None
            and ended <= now
            and api.content.get_state(item) == "published"
        ):
            workflow.doActionFor(item, "archive")
            count += 1
        if number % BATCH == 0:
            transaction.commit()
            progress(number, len(brains))
    transaction.commit()
    logger.info("%d news that have ended are archived", count)
    return count
