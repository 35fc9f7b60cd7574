"""Shares of a citizen whose keys are replaced.

What the citizen shares goes on: the recipients get new letters. What others share with
them ends, as a share is with the keys that its owner knew.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.resealers import register_resealer
from civisdata.content.vault import subscribers  # noqa: F401  The vault goes first.
from civisdata.content.vault.resealing import BoxPair
from civisdata.content.vault.resealing import left_behind
from civisdata.content.vault.resealing import WRONG
from civisdata.content.vault.sharing.arrivals import file_arrivals
from civisdata.content.vault.sharing.parts import open_own
from civisdata.content.vault.sharing.parts import Own
from civisdata.content.vault.sharing.parts import seal_own
from civisdata.content.vault.sharing.parts import write_letter
from civisdata.content.vault.sharing.people import keys_of
from civisdata.content.vault.sharing.people import name_of
from civisdata.content.vault.sharing.reconcile import reconcile
from civisdata.content.vault.sharing.rekey import PURPOSE
from civisdata.content.vault.sharing.storage import Share
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault
from typing import Any


@register_resealer
def reseal_shares(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal shares and payloads that wait under the new keys; file what has arrived."""
    vault, space_id = get_vault(space), space.getId()
    sharing = sharing_of(vault)
    for share in sharing.given.values():
        try:
            own = open_own(share, space_id, old)
        except (*WRONG, TypeError) as error:
            left_behind("share", share.id, error)
            continue
        seal_own(share, space_id, new, own)
        if not share.ended_at:
            _write_again(space, share, own, new)
    boxes = BoxPair(old, new, space_id)
    for rekey in sharing.rekeys.values():
        try:
            rekey.box = boxes.again(rekey.box, rekey.id, PURPOSE)
        except WRONG as error:
            left_behind("payload", rekey.id, error)
    fresh = file_arrivals(vault, space_id, new, old)
    reconcile(vault, space_id, new, fresh=fresh)
    sharing.received.clear()


def _write_again(space: Any, share: Share, own: Own, new: KeyBundle) -> None:
    person = space.__parent__.get_space(own.person) if own.person else None
    if person is None or keys_of(person) != own.public:
        return
    received = sharing_of(get_vault(person)).received
    if own.delivered in received:
        received[own.delivered] = write_letter(
            share, space.getId(), new, own, name_of(space)
        )
