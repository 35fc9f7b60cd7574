"""The vault of a citizen whose keys are replaced: headers, records, boxes, uploads.

The payloads stay: each is sealed with a file key of its own, which the new header gives
to the new keys.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault.ageheader import reseal_header
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import PURPOSE
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.errors import IntegrityError
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
_WRONG = (IntegrityError, UnknownSuite, ValueError)


def reseal_vault(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal documents and uploads under way of a space under its new keys."""
    vault, space_id = get_vault(space), space.getId()
    boxes, again = BoxPair(old, new, space_id), DocumentAgain(old, new, space_id)
    for document, box in list(vault.newest()):
        try:
            box = boxes.again(box, document.id, PURPOSE)
            again(document)
            vault.set_box(document, box)
        except _WRONG as error:
            left_behind("document", document.id, error)
    for upload in vault.uploads.values():
        try:
            upload.box = boxes.again(upload.box, upload.id, UPLOAD)
        except _WRONG as error:
            left_behind("upload", upload.id, error)


class BoxPair:
    """Opens boxes with the old vault key, and seals them with the new one."""

    def __init__(self, old: KeyBundle, new: KeyBundle, space_id: str):
        self._old, self._new = BoxKey(old.vault_key), BoxKey(new.vault_key)
        self._space_id = space_id

    def again(self, box: bytes, item_id: str, purpose: str) -> bytes:
        """Give the box under the new key; IntegrityError, UnknownSuite."""
        names = {"space_id": self._space_id, "item_id": item_id, "purpose": purpose}
        return self._new.seal(self._old.open(box, **names), **names)


def left_behind(kind: str, item_id: str, error: Exception) -> None:
    """Say in the log that something didn't open and so could not be sealed again."""
    logger.error("integrity: %s %s keeps its former keys: %s", kind, item_id, error)


class DocumentAgain:
    """Gives documents' file keys to the new keys, and signs their records with them."""

    def __init__(self, old: KeyBundle, new: KeyBundle, space_id: str):
        self._space_id = space_id
        self._identity, self._recipient = old.identity, new.recipient
        self._former, self._signer = old.public.signing, new.public.signing.hex()
        self._signing_key = new.signing_key

    def __call__(self, document: VaultDocument) -> None:
        """Raises IntegrityError, UnknownSuite; the document is untouched then."""
        verify_document(document, self._space_id, self._former)
        header = reseal_header(document.header, self._identity, self._recipient)
        record = replace(
            DocumentRecord.from_dict(document.record),
            header_sha256=hashlib.sha256(header).hexdigest(),
            signer=self._signer,
        )
        signature = sign(record, self._signing_key)
        document.header, document.record = header, record.to_dict()
        document.signature = signature
