"""Filing what has arrived, at the first page of a vault that its citizen has opened.

Each arrival is opened and verified; its metadata is sealed anew with the vault key. What
its publisher didn't sign is held back and reported, never listed. It is tried again at
each opening: a server whose secrets were not yet restored holds back for a while.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.storage import SYSTEM
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.site_keys import trusted_keys
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.deposits import receipts
from civisdata.content.vault.deposits.arrivals import Arrival
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.journal_words import HELD
from civisdata.content.vault.deposits.sealing import open_values
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import seal_metadata
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.resealing import left_behind
from civisdata.content.vault.resealing import reseal_document
from civisdata.content.vault.storage import ensure_vault
from dataclasses import dataclass
from typing import Any
import hashlib
import hmac
import logging


logger = logging.getLogger("civisdata.vault")

#: Deposits filed by one page, so that thousands of them keep nobody out.
AT_ONCE = 100

#: What may be wrong with an arrival that was altered in the store.
_WRONG = (IntegrityError, UnknownSuite, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Filed:
    """``documents``: ids that were filed now; ``held``: ids held back for the first time."""

    documents: tuple[str, ...] = ()
    held: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.held)


def file_arrivals(space, bundle: KeyBundle) -> Filed:
    """File what waits in a space, ``AT_ONCE`` deposits; the next page goes on.

    Nothing is written where nothing changes.
    """
    filed, held = [], []
    arrivals = get_arrivals(space)
    for arrival in list(arrivals.waiting.values()):
        try:
            document, metadata = _verified(space, arrival, bundle)
        except _WRONG as error:
            if not arrival.held:
                reason = (
                    str(error) if isinstance(error, IntegrityError) else "malformed"
                )
                logger.error("integrity: deposit %s held back: %s", arrival.id, reason)
                arrival.held = reason
                held.append(arrival.id)
                note(space, HELD, actor=SYSTEM, item=arrival.id)
            continue
        box = seal_metadata(bundle, space.getId(), document.id, metadata)
        ensure_vault(space).add(document, box)
        arrivals.take(arrival.id)
        filed.append(document.id)
        if len(filed) == AT_ONCE:
            break
    return Filed(tuple(filed), tuple(held))


def reseal_arrivals(space, old: KeyBundle, new: KeyBundle) -> None:
    """File all that waits while keys are replaced; what is held back keeps the old."""
    arrivals, space_id = get_arrivals(space), space.getId()
    for arrival in list(arrivals.waiting.values()):
        try:
            document, metadata = _verified(space, arrival, old)
            content = reseal_document(document, metadata.to_dict(), space_id, old, new)
        except _WRONG as error:
            left_behind("deposit", arrival.id, error)
            continue
        metadata = Metadata.from_dict(content)
        box = seal_metadata(new, space_id, document.id, metadata)
        ensure_vault(space).add(document, box)
        arrivals.take(arrival.id)


def _verified(
    space, arrival: Arrival, bundle: KeyBundle
) -> tuple[VaultDocument, Metadata]:
    """Give the document that an arrival becomes; IntegrityError, UnknownSuite.

    KeyError, TypeError or ValueError where it isn't even of the right form.
    """
    values = open_values(bundle.identity, arrival.metadata)
    signed, salt = arrival.receipt, bytes.fromhex(values["salt"])
    signer = receipts.verify_payload(
        signed, arrival.receipt_signature, trusted_keys(values["publisher"])
    )
    awaited = {
        "type": receipts.TYPE,
        "publisher": values["publisher"],
        "channel": values["channel"],
        "stored_sha256": arrival.payload_sha256,
        "metadata_sha256": hashlib.sha256(arrival.metadata).hexdigest(),
        "document": receipts.commitment(salt, "document", values["sha256"]),
        "space": receipts.commitment(salt, "space", space.getId()),
    }
    for name, value in awaited.items():
        if not hmac.compare_digest(str(signed[name]), value):
            raise IntegrityError(f"a receipt with another {name}")
    document = VaultDocument(
        arrival.id,
        header=arrival.header,
        parts=arrival.parts,
        piece_size=arrival.piece_size,
        record=arrival.record,
        signature=arrival.record_signature,
    )
    verify_document(document, space.getId(), signer)
    if document.record["payload_sha256"] != arrival.payload_sha256:
        raise IntegrityError("a record of another payload")
    open_header(document.header, bundle.identity)
    if document.clear_size != values["size"]:
        raise IntegrityError("a payload of another size")
    return document, _metadata(space, arrival, values, salt, signer)


def _metadata(
    space, arrival: Arrival, values: dict[str, Any], salt: bytes, signer: bytes
) -> Metadata:
    deposited_at = arrival.record["stored_at"]
    receipt = receipts.whole(
        arrival.receipt,
        arrival.receipt_signature,
        salt,
        document=values["sha256"],
        recipient=values["recipient"],
        space=space.getId(),
    )
    return Metadata(
        title=values["title"],
        name=values["name"],
        kind=values["kind"],
        category=values["category"],
        size=values["size"],
        sha256=values["sha256"],
        stored_at=deposited_at,
        signer=signer.hex(),
        origin={
            "publisher": values["publisher"],
            "title": values["publisher_title"],
            "by": values["publisher_by"],
            "channel": values["channel"],
            "message": values["message"],
            "deposited_at": deposited_at,
            "filed_at": int(clock.now()),
            "receipt_id": arrival.receipt["receipt"],
            "receipt": receipt,
        },
    )
