"""What this room does when a vault is opened, or given up."""

from civisdata.content import _
from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.resealers import register_resealer
from civisdata.content.vault.deposits.arrivals import erase_arrivals
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.filing import file_arrivals
from civisdata.content.vault.events import IVaultOpened
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from typing import Any
from zope.interface import alsoProvides


def file_what_arrived(event: IVaultOpened) -> None:
    """File the deposits; the next page says how many, never which."""
    if not get_arrivals(event.space).waiting:
        return
    filed = file_arrivals(event.space, event.bundle)
    if not filed:
        return
    # What Plone would take for a forged change: filing was asked for by nobody, it
    # does the same whoever made the citizen's browser come here, and only once.
    alsoProvides(event.request, IDisableCSRFProtection)
    if filed.documents:
        message = _(
            "Documents deposited for you: ${count}.",
            mapping={"count": len(filed.documents)},
        )
        api.portal.show_message(message, event.request)
    if filed.held:
        message = _(
            "Deposits whose origin could not be verified were held back: ${count}.",
            mapping={"count": len(filed.held)},
        )
        api.portal.show_message(message, event.request, type="warning")


def erase_what_no_key_opens(event: ISpaceStartsAnew) -> None:
    """The old keys are given up: what is sealed to them is erased."""
    erase_arrivals(event.space)


def file_under_former_keys(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Keys are replaced: what waits becomes documents, which are then sealed again."""
    file_arrivals(space, old)


register_resealer(file_under_former_keys, first=True)
