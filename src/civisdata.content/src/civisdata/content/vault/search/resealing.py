"""Texts and previews of a citizen whose keys are replaced."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.reading.previews import THUMBNAIL
from civisdata.content.vault.search.texts import PURPOSE
from civisdata.content.vault.storage import get_vault
from typing import Any


def reseal_beside(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal what lies beside the documents again under the new vault key.

    Texts that don't open are read again, images that don't are drawn again. The PDFs of
    office files are made again when they are next asked for.
    """
    sidecars = get_vault(space).sidecars
    before, after = BoxKey(old.vault_key), BoxKey(new.vault_key)
    for document_id, box in list(sidecars.texts.items()):
        names = {"space_id": space.getId(), "item_id": document_id, "purpose": PURPOSE}
        try:
            words = before.open_bytes(box, **names)
        except (IntegrityError, ValueError):
            del sidecars.texts[document_id]
            sidecars.expect_text(document_id)
        else:
            sidecars.texts[document_id] = after.seal_bytes(words, **names)
    for document_id, preview in sidecars.previews.items():
        names = {"space_id": space.getId(), "item_id": document_id}
        preview.pdf = None
        try:
            image = before.open_bytes(preview.thumbnail, purpose=THUMBNAIL, **names)
        except (IntegrityError, ValueError):
            preview.thumbnail = b""
        else:
            preview.thumbnail = after.seal_bytes(image, purpose=THUMBNAIL, **names)
