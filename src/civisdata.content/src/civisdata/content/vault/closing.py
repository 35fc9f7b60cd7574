"""What the vault does when a space is closed, and when it is erased."""

from civisdata.content.citizens.closing.counting import register_count
from civisdata.content.citizens.events import ISpaceCloses
from civisdata.content.citizens.events import ISpaceErased
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.deposits.arrivals import erase_arrivals
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.letters import forget_untold
from civisdata.content.vault.reminder_mail import forget_wish
from civisdata.content.vault.requests.life import end
from civisdata.content.vault.requests.storage import forget_citizen
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import requests_to
from civisdata.content.vault.scrub.report import forget_space
from civisdata.content.vault.sharing.offers import settle
from civisdata.content.vault.sharing.received import all_received
from civisdata.content.vault.sharing.received import leave
from civisdata.content.vault.sharing.received import refuse
from civisdata.content.vault.sharing.storage import empty_sharing
from civisdata.content.vault.sharing.storage import ENDED
from civisdata.content.vault.sharing.storage import LIVE
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import empty_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.transfer.store import forget_transfers
from plone import api
from typing import Any


def end_at_once(event: ISpaceCloses) -> None:
    """End shares both ways and copies that administrations read, and letters.

    With the keys at hand, all is taken back cleanly. Without them, what was given ends at
    once and what was received with its owner's next visit; if the closing is taken back,
    the citizen's next visit gives documents their new keys.
    """
    space = event.space
    for share in sharing_of(get_vault(space)).given.values():
        if share.state in LIVE:
            share.state = ENDED
    if event.bundle is not None:
        _take_back(space, event.bundle)
    for request in requests_to(api.portal.get(), space):
        if request.state == GIVEN:
            end(request)
    forget_wish(space)
    forget_untold(api.portal.get(), space.getId())


def _take_back(space: Any, bundle: KeyBundle) -> None:
    for found in all_received(space, bundle):
        if found.waits:
            refuse(found)
        elif found.is_live:
            leave(found)
    settle(space, get_vault(space), bundle)


def erase(event: ISpaceErased) -> None:
    """Erase documents and what lies beside them, and let nothing else name the space."""
    space, site = event.space, api.portal.get()
    empty_sharing(get_vault(space))
    empty_vault(space)
    erase_arrivals(space)
    forget_transfers(space)
    forget_citizen(site, space)
    forget_wish(space)
    forget_untold(site, space.getId())
    forget_space(space.__parent__, space.getId())


def _count_shares(space: Any) -> int:
    sharing = sharing_of(get_vault(space))
    return len(sharing.given) + len(sharing.received)


register_count("documents", lambda space: get_vault(space).count)
register_count("shares", _count_shares)
register_count("deposits", lambda space: len(get_arrivals(space).waiting))
