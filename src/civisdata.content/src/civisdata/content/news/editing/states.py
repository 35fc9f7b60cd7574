"""In which state a news item is, as editors see it; plain values in and out."""

from civisdata.content import _
from DateTime import DateTime
from plone import api


DRAFT = "draft"
SUBMITTED = "submitted"
SCHEDULED = "scheduled"
PUBLISHED = "published"
ENDED = "ended"
ARCHIVED = "archived"

#: In the order of the worklist.
TITLES = {
    SUBMITTED: _("To be approved"),
    DRAFT: _("Drafts"),
    SCHEDULED: _("Scheduled news"),
    PUBLISHED: _("Published news"),
    ARCHIVED: _("Archived news"),
}


def shown_state(
    review_state: str,
    effective: DateTime | None,
    expires: DateTime | None,
    now: DateTime | None = None,
) -> str:
    """Return one of the states above: the workflow's, and what dates make of it."""
    if review_state != PUBLISHED:
        return review_state
    now = now or DateTime()
    if expires is not None and expires <= now:
        return ENDED
    if effective is not None and effective > now:
        return SCHEDULED
    return PUBLISHED


def state_of(item, now: DateTime | None = None) -> str:
    """Return the state of a news item."""
    review_state = api.content.get_state(item, default=DRAFT)
    return shown_state(review_state, item.effective_date, item.expiration_date, now)
