"""The vault of a citizen whose keys are replaced: headers, records, boxes, uploads.

The payloads stay: each is sealed with a file key of its own, which the new header gives
to the new keys.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault.ageheader import reseal_header
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.contents import PURPOSE as FOLDER
from civisdata.content.vault.documents import PURPOSE as DOCUMENT
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.preferences import PURPOSE as PREFERENCES
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import PURPOSE as UPLOAD
from dataclasses import replace
from typing import Any
import hashlib
import logging


logger = logging.getLogger("civisdata.vault")

#: What may be wrong with a thing that was altered in the store.
WRONG = (IntegrityError, UnknownSuite, ValueError)


def reseal_vault(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal documents, folders and uploads of a space under its new keys."""
    vault, space_id = get_vault(space), space.getId()
    boxes = BoxPair(old, new, space_id)
    for document_id, box in list(vault.newest()):
        document = vault.document(document_id)
        try:
            content = boxes.open(box, document_id, DOCUMENT)
            content = reseal_document(document, content, space_id, old, new)
            vault.set_box(document, boxes.seal(content, document_id, DOCUMENT))
        except WRONG as error:
            left_behind("document", document_id, error)
    for folder_id, box in list(vault.folders.items()):
        try:
            vault.set_folder(folder_id, boxes.again(box, folder_id, FOLDER))
        except WRONG as error:
            left_behind("folder", folder_id, error)
    for upload in vault.uploads.values():
        try:
            upload.box = boxes.again(upload.box, upload.id, UPLOAD)
        except WRONG as error:
            left_behind("upload", upload.id, error)
    if vault.preferences:
        try:
            vault.preferences = boxes.again(vault.preferences, PREFERENCES, PREFERENCES)
        except WRONG as error:
            left_behind("preferences", space_id, error)


class BoxPair:
    """Opens boxes with the old vault key, and seals them with the new one.

    ``open`` and ``again`` raise IntegrityError and UnknownSuite.
    """

    def __init__(self, old: KeyBundle, new: KeyBundle, space_id: str):
        self._old, self._new = BoxKey(old.vault_key), BoxKey(new.vault_key)
        self._space_id = space_id

    def open(self, box: bytes, item_id: str, purpose: str) -> dict[str, Any]:
        return self._old.open(
            box, space_id=self._space_id, item_id=item_id, purpose=purpose
        )

    def seal(self, content: dict[str, Any], item_id: str, purpose: str) -> bytes:
        return self._new.seal(
            content, space_id=self._space_id, item_id=item_id, purpose=purpose
        )

    def again(self, box: bytes, item_id: str, purpose: str) -> bytes:
        return self.seal(self.open(box, item_id, purpose), item_id, purpose)


def left_behind(kind: str, item_id: str, error: Exception) -> None:
    """Say in the log that something didn't open and so could not be sealed again."""
    logger.error("integrity: %s %s keeps its former keys: %s", kind, item_id, error)


def reseal_document(
    document: VaultDocument,
    content: dict[str, Any],
    space_id: str,
    old: KeyBundle,
    new: KeyBundle,
) -> dict[str, Any]:
    """Give a document's file key to the new keys, and sign its record with them.

    Returns the metadata to seal: where somebody else had signed the record, it and its
    signature, which were verified, are kept there as proof of the origin.
    """
    signer = content.get("signer", "")
    former = bytes.fromhex(signer) or old.public.signing
    verify_document(document, space_id, former)
    header = reseal_header(document.header, old.exchange_key, new.recipient)
    record = replace(
        DocumentRecord.from_dict(document.record),
        header_sha256=hashlib.sha256(header).hexdigest(),
        signer=new.public.signing.hex(),
    )
    if signer:
        origin = dict(content.get("origin") or {})
        origin.setdefault("record", document.record)
        origin.setdefault("signature", document.signature.hex())
        content = {**content, "signer": "", "origin": origin}
    document.header, document.record = header, record.to_dict()
    document.signature = sign(record, new.signing_key)
    return content
