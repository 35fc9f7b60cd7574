"""What a citizen's former portals held, kept sealed and given out with the next export.

Registration there, consents, journal and whatever this portal has no place for: nothing
of an archive is lost, and nothing of it counts here.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.manifest import Manifest
from civisdata.content.vault.transfer.store import ensure_transfers
from civisdata.content.vault.transfer.store import get_transfers
from dataclasses import asdict
from typing import Any
import json
import logging


logger = logging.getLogger("civisdata.vault")

PURPOSE = "former file"
#: Bytes of all former files of a space: they don't count against its quota.
MAX_FORMER = 64 * 1024 * 1024


def former_file(manifest: Manifest, taken: list[str]) -> dict[str, Any]:
    """Give what is kept of an archive besides documents and folders."""
    return {
        "archive_id": manifest.archive_id,
        "made_at": manifest.made_at,
        "portal": asdict(manifest.portal),
        "space_id": manifest.space_id,
        "signing_key": manifest.citizen,
        "imported_at": int(clock.now()),
        "taken_in": taken,
        "categories": manifest.categories,
        "sections": manifest.sections,
    }


def check_room(space, manifest: Manifest) -> None:
    """Raise ArchiveError(``former``) where what is to be kept takes too much room."""
    content = json.dumps(former_file(manifest, sorted(manifest.sections)))
    kept = get_transfers(space).former.items()
    others = sum(len(box) for id, box in kept if id != manifest.archive_id)
    if others + len(content) > MAX_FORMER:
        raise ArchiveError("former")


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
