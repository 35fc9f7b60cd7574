"""What « Qui voit quoi » says of shares."""

from civisdata.content import _
from civisdata.content.citizens.access import Access
from civisdata.content.citizens.access import register_access
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing.noted import note_answer
from civisdata.content.vault.sharing.noted import RETURNED
from civisdata.content.vault.sharing.noted import STOPPED
from civisdata.content.vault.sharing.received import all_received
from civisdata.content.vault.sharing.received import find_received
from civisdata.content.vault.sharing.received import leave
from civisdata.content.vault.sharing.storage import OFFERED
from civisdata.content.vault.sharing.subscribers import rekey
from civisdata.content.vault.storage import get_vault
import transaction


#: Pieces (8 MiB each) that are sealed anew before a stop is answered.
STEPS = 40

READ = _("Read and download")
ADD = _("Read, download and add")


class SharesGiven:
    """Persons who may read something of the citizen's."""

    title = _("Inhabitants with whom I share")
    none = _("You share nothing at the moment.")

    def entries(self, space, request, bundle: KeyBundle) -> list[Access]:
        vault = get_vault(space)
        return [
            Access(
                id=share.id,
                who=own.to,
                what=own.title,
                right=_("Offered, not accepted yet")
                if share.state == OFFERED
                else (ADD if own.may_add else READ),
                since=share.offered_at,
                until=own.until,
                stop=_("Stop this share"),
            )
            for share, own in offers.given(vault, space.getId(), bundle)
            if not share.ended_at
        ]

    def stop(self, space, request, bundle: KeyBundle, access_id: str) -> None:
        """End a share; NoSuchItem."""
        vault, space_id = get_vault(space), space.getId()
        item = offers.end_share(space, vault, bundle, access_id)
        if item:
            note(space, STOPPED, item=item)
        # Access has ended with this; the new keys follow in steps of their own.
        transaction.commit()
        rekey(vault, space_id, bundle, STEPS)


class SharesReceived:
    """What the citizen may read of others."""

    title = _("What inhabitants share with me")
    none = _("Nobody shares anything with you at the moment.")

    def entries(self, space, request, bundle: KeyBundle) -> list[Access]:
        return [
            Access(
                id=found.id,
                who=found.letter.owner_name,
                what=found.head.title,
                right=ADD if found.head.may_add else READ,
                since=found.share.offered_at,
                until=found.head.until,
                stop=_("Give back"),
            )
            for found in all_received(space, bundle)
            if found.is_live and not found.waits
        ]

    def stop(self, space, request, bundle: KeyBundle, access_id: str) -> None:
        """Give a share back; NoSuchItem."""
        found = find_received(space, bundle, access_id)
        leave(found)
        note_answer(space, found, RETURNED)


GIVEN = SharesGiven()
register_access("shares", GIVEN, order=10)
register_access("received", SharesReceived(), order=90)
