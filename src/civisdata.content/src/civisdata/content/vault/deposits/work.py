"""Work in the background: batches are delivered, and forgotten ones erased."""

from civisdata.content import _
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.deposits import batches
from civisdata.content.vault.deposits.letters import tell_what_waits
import transaction


@task("deposit-batch", title=_("Delivery of a batch of deposits"))
def deposit_batch(
    site, progress: Progress, *, publisher_id: str, batch_id: str
) -> None:
    """Deliver what is left of a confirmed batch; one that is gone is done."""
    try:
        batches.deliver_batch(site, publisher_id, batch_id, limits(), progress)
    except batches.NoSuchBatch:
        return


def _tell(site, progress: Progress) -> None:
    """Write to those for whom several documents were deposited."""
    progress(tell_what_waits(site), 0)


_TITLE = _("Letters about several deposits")
tell_in_the_morning = nightly("tell-of-deposits-8", hour=8, title=_TITLE)(_tell)
tell_at_noon = nightly("tell-of-deposits-13", hour=13, title=_TITLE)(_tell)
tell_in_the_evening = nightly("tell-of-deposits-18", hour=18, title=_TITLE)(_tell)


@nightly("purge-batches", hour=2, title=_("Removal of batches left unconfirmed"))
def purge_batches(site, progress: Progress) -> None:
    """Erase batches that nobody confirmed within a day."""
    progress(batches.purge(site), 0)
    transaction.commit()
