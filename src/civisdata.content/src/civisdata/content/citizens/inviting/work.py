"""The task that forgets who was invited."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.inviting.book import book_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress


@nightly("forget-invitations", hour=4, title=_("Invitations: traces that are over"))
def forget(site, progress: Progress) -> None:
    """Drop the marks of addresses that were invited more than thirty days ago."""
    book_of(get_spaces(site)).forget(clock.now())
