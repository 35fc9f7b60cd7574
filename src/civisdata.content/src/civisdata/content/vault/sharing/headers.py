"""Headers of shared documents: who opens them, said and signed anew by the owner."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.ageheader import open_header
from civisdata.content.vault.ageheader import seal_header
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import seal_metadata
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.storage import Vault
from collections.abc import Iterable
from dataclasses import replace
import hashlib


def signer_of(metadata: Metadata, bundle: KeyBundle) -> bytes:
    """Give the public key that a document's record has to be signed with."""
    return bytes.fromhex(metadata.signer) or bundle.public.signing


def seal_to(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    document: VaultDocument,
    metadata: Metadata,
    others: Iterable[str],
) -> Metadata:
    """Give a document's file key to the owner and ``others`` (``age1…``) alone.

    The payload isn't touched. The owner signs; another's signature, say of a deposit,
    is kept with its record in the metadata, which are returned. IntegrityError where
    the document isn't the signed one.
    """
    verify_document(document, space_id, signer_of(metadata, bundle))
    file_key = open_header(document.header, bundle.identity)
    header = seal_header(file_key, [bundle.recipient, *sorted(set(others))])
    metadata = owned(metadata, document)
    put_signed(document, bundle, header, document.record["payload_sha256"])
    vault.set_box(document, seal_metadata(bundle, space_id, document.id, metadata))
    return metadata


def owned(metadata: Metadata, document: VaultDocument) -> Metadata:
    """Give the metadata of a document whose record the owner is about to sign."""
    if not metadata.signer:
        return metadata
    origin = dict(metadata.origin or {})
    origin.setdefault("record", dict(document.record))
    origin.setdefault("signature", document.signature.hex())
    return replace(metadata, signer="", origin=origin, revision=metadata.revision + 1)


def put_signed(
    document: VaultDocument, bundle: KeyBundle, header: bytes, payload_sha256: str
) -> None:
    """Put a header onto a document and sign its record with the owner's key."""
    record = replace(
        DocumentRecord.from_dict(document.record),
        header_sha256=hashlib.sha256(header).hexdigest(),
        payload_sha256=payload_sha256,
        signer=bundle.public.signing.hex(),
    )
    document.header = header
    document.record = record.to_dict()
    document.signature = sign(record, bundle.signing_key)
