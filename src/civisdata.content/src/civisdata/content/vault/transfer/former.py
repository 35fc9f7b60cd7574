"""What a citizen's former portals held, kept sealed and given out with the next export.

Registration there, consents, journal and whatever this portal has no place for: nothing
of an archive is lost, and nothing of it counts here.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.transfer.store import ensure_transfers
from civisdata.content.vault.transfer.store import get_transfers
from typing import Any
import logging


logger = logging.getLogger("civisdata.vault")

PURPOSE = "former file"


def keep_former(
    space, bundle: KeyBundle, archive_id: str, content: dict[str, Any]
) -> None:
    """Keep plain JSON of an archive; the same archive once."""
    box = BoxKey(bundle.vault_key).seal(
        content, space_id=space.getId(), item_id=archive_id, purpose=PURPOSE
    )
    ensure_transfers(space).keep_former(archive_id, box)


def former_files(space, bundle: KeyBundle) -> list[dict[str, Any]]:
    """Give what was kept, the oldest first; boxes that don't open are left out."""
    key, found = BoxKey(bundle.vault_key), []
    for archive_id, box in get_transfers(space).former.items():
        try:
            found.append(
                key.open(
                    box, space_id=space.getId(), item_id=archive_id, purpose=PURPOSE
                )
            )
        except (IntegrityError, ValueError):
            logger.error("integrity: a former file of %s", space.getId())
    return found
