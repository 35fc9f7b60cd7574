"""The task of the night."""

from civisdata.content import _
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.vault.requests.life import erase_ended_copies


@nightly("erase-copies", hour=2, title=_("Erasure of copies whose time is over"))
def erase_copies(site, progress: Progress) -> None:
    """Erase copies given to administrations to which access has ended."""
    erase_ended_copies(site, get_spaces(site))
