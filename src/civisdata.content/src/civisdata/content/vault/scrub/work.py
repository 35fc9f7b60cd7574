"""The tasks of the night."""

from civisdata.content import _
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.vault.scrub.walk import purge_stale_uploads
from civisdata.content.vault.scrub.walk import scrub


@nightly("purge-uploads", hour=2, title=_("Removal of uploads left unfinished"))
def purge_uploads(site, progress: Progress) -> None:
    """Drop uploads that nobody has gone on with for a day."""
    purge_stale_uploads(get_spaces(site), progress)


@nightly(
    "scrub-vaults",
    hour=3,
    title=_("Check of the stored documents"),
    page="controle-documents",
)
def scrub_vaults(site, progress: Progress) -> None:
    """Examine all stored documents without any key, and keep a report."""
    scrub(site, get_spaces(site), progress)
