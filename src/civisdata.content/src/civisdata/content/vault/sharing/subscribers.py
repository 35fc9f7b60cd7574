"""When shares are brought up to date."""

from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.vault.changes import IVaultChanged
from civisdata.content.vault.changes import IVaultListed
from civisdata.content.vault.sharing import resealing  # noqa: F401
from civisdata.content.vault.sharing.offers import needs_settling
from civisdata.content.vault.sharing.offers import settle
from civisdata.content.vault.sharing.received import drop_ended
from civisdata.content.vault.sharing.reconcile import reconcile
from civisdata.content.vault.sharing.rekey import rekey_step
from civisdata.content.vault.sharing.storage import empty_sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault
from plone.protect.interfaces import IDisableCSRFProtection
from ZODB.POSException import ConflictError
from zope.interface import alsoProvides
import logging
import transaction


logger = logging.getLogger("civisdata.vault")

#: Pieces (8 MiB each) that are sealed anew while a page is made.
STEPS = 6
#: Letters about shares that are kept, ended ones too.
KEPT = 100


def follow_the_vault(event: IVaultChanged) -> None:
    """Bring the shares up to date once, before what has changed is committed."""
    if not any(not s.ended_at for s in sharing_of(event.vault).given.values()):
        return
    current = transaction.get()
    try:
        waiting = current.data(follow_the_vault)
    except KeyError:
        waiting = {}
        current.set_data(follow_the_vault, waiting)
    key = id(event.vault)
    if key not in waiting:
        waiting[key] = (event, set())
        current.addBeforeCommitHook(_follow, (waiting, key))
    # An empty id among them: more has changed than that documents came.
    waiting[key][1].add(event.added)


def _follow(waiting: dict, key: int) -> None:
    event, added = waiting.pop(key)
    only = None if "" in added else added
    reconcile(event.vault, event.space_id, event.bundle, only=only)


def do_what_waited(event: IVaultListed) -> None:
    """Settle the shares when their owner looks at the own vault.

    This writes though the request only reads: what others did meanwhile (refuse, add,
    close an account) waits for the owner's keys. Where another request does the same
    at the same time, that one does it.
    """
    vault = get_vault(event.space)
    sharing = sharing_of(vault)
    waits = needs_settling(vault) or sharing.rekeys
    if not waits and len(sharing.received) <= KEPT:
        return
    alsoProvides(event.request, IDisableCSRFProtection)
    try:
        drop_ended(event.space, event.bundle, KEPT)
        settle(event.space, vault, event.bundle)
        transaction.commit()
        rekey(vault, event.space.getId(), event.bundle, STEPS)
    except ConflictError:
        transaction.abort()


def rekey(vault, space_id: str, bundle, steps: int | None) -> bool:
    """Seal waiting payloads anew, a transaction for each piece; say whether all are.

    ``steps`` pieces at most, None for all of them.
    """
    while (steps is None or steps > 0) and rekey_step(vault, space_id, bundle):
        transaction.commit()
        steps = None if steps is None else steps - 1
    return not sharing_of(vault).rekeys


def end_what_no_key_opens(event: ISpaceStartsAnew) -> None:
    """The old keys are given up: so are all shares, given and received."""
    empty_sharing(get_vault(event.space))
