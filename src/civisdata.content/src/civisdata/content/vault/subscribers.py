"""What the vault does when an account changes."""

from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.citizens.resealers import register_resealer
from civisdata.content.vault.reminder_mail import forget_weeks
from civisdata.content.vault.resealing import reseal_vault
from civisdata.content.vault.search.resealing import reseal_beside
from civisdata.content.vault.storage import empty_vault


register_resealer(reseal_vault)
register_resealer(reseal_beside)


def erase_what_no_key_opens(event: ISpaceStartsAnew) -> None:
    """The old keys are given up: what they opened is erased."""
    empty_vault(event.space)
    forget_weeks(event.space)
