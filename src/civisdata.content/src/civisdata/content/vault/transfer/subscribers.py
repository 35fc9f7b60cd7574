"""What transfers do when an account changes."""

from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.citizens.resealers import register_resealer
from civisdata.content.vault.transfer.resealing import reseal_transfers
from civisdata.content.vault.transfer.store import forget_transfers


register_resealer(reseal_transfers)


def erase_what_no_key_opens(event: ISpaceStartsAnew) -> None:
    """The old keys are given up: what they sealed is erased."""
    forget_transfers(event.space)
