"""What recipients add to a shared folder, and how it gets into the owner's vault."""

from base64 import b64decode
from base64 import b64encode
from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.ageheader import open_header
from civisdata.content.vault.ageheader import reseal_header
from civisdata.content.vault.ageheader import seal_header
from civisdata.content.vault.categories import CATEGORIES
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.documents import seal_metadata
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sealed import open_letter
from civisdata.content.vault.sealed import seal_letter
from civisdata.content.vault.sealing import Window
from civisdata.content.vault.sharing.headers import owned
from civisdata.content.vault.sharing.headers import put_signed
from civisdata.content.vault.sharing.limits import MAX_ARRIVALS
from civisdata.content.vault.sharing.parts import open_own
from civisdata.content.vault.sharing.storage import Arrival
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import check_file
from civisdata.content.vault.uploads import check_room
from civisdata.content.vault.uploads import finish
from civisdata.content.vault.uploads import left_of
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import new_state
from civisdata.content.vault.uploads import take_piece
from civisdata.content.vault.uploads import Upload
from collections.abc import Collection
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dataclasses import replace
from typing import Any
from typing import BinaryIO
import json
import logging


logger = logging.getLogger("civisdata.vault")

_LABEL = b"civisdata share arrival\n"


def _signed(content: dict) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return _LABEL + text.encode()


def check_addition(
    vault: Vault,
    size: int,
    category: str,
    limits: Limits,
    categories: Collection[str],
) -> None:
    """Refuse what can't be added to an owner's vault: as uploads do, and ``arrivals``.

    The quota is the owner's; ``arrivals`` where as many as may be wait for the owner.
    """
    check_file(size, category, limits, categories)
    sharing = sharing_of(vault)
    if len(sharing.arrivals) + len(sharing.uploads) >= MAX_ARRIVALS:
        raise Refused("arrivals")
    check_room(vault, size, limits)


def add_document(
    vault: Vault,
    owner_id: str,
    owner: str,
    bundle: KeyBundle,
    *,
    folder: str,
    others: Collection[str],
    by: str,
    name: str,
    size: int,
    category: str,
    limits: Limits,
    stream: BinaryIO,
    categories: Collection[str] = CATEGORIES,
    id: str = "",
) -> str:
    """Add a document to an owner's shared folder with a recipient's keys; give its id.

    ``vault`` is the owner's, ``owner`` and ``others`` are addresses (``age1…``) of the
    owner and of the folder's recipients, ``by`` the recipient's name. ``id`` is the one
    that it gets, where it must have a certain one. Refused, before anything has changed.
    """
    check_addition(vault, size, category, limits, categories)
    upload = Upload(id or new_id(), size, PIECE, clock.now())
    state = new_state(name, category, folder)
    while not take_piece(upload, state, Window(stream, left_of(upload))):
        pass
    return deliver(vault, owner_id, owner, bundle, upload, state, others=others, by=by)


def deliver(
    vault: Vault,
    owner_id: str,
    owner: str,
    bundle: KeyBundle,
    upload: Upload,
    state: dict[str, Any],
    *,
    others: Collection[str],
    by: str,
) -> str:
    """Seal a whole upload to owner and recipients and leave it there; give its id."""
    draft = Vault()
    document = finish(draft, owner_id, bundle, upload, state)
    metadata = metadata_of(draft, owner_id, document, bundle)
    recipients = [owner, *sorted({*others, bundle.recipient} - {owner})]
    file_key = open_header(document.header, bundle.identity)
    put_signed(
        document,
        bundle,
        seal_header(file_key, recipients),
        document.record["payload_sha256"],
    )
    metadata = replace(
        metadata,
        signer=bundle.public.signing.hex(),
        origin={"kind": "share", "added_by": by},
    )
    content = {"id": document.id, "owner": owner_id, "metadata": metadata.to_dict()}
    key = Ed25519PrivateKey.from_private_bytes(bundle.signing_key)
    signature = b64encode(key.sign(_signed(content))).decode()
    letter = seal_letter({"content": content, "signature": signature}, recipients)
    ensure_sharing(vault).arrivals[document.id] = Arrival(document, letter)
    return document.id


def open_arrival(
    arrival: Arrival, owner_id: str, identity: str, adders: Collection[str]
) -> Metadata:
    """Open the metadata of an arrival, signed by one of ``adders`` (hexadecimal keys).

    IntegrityError; NotARecipient where it isn't for this identity.
    """
    sealed = open_letter(arrival.letter, identity)
    try:
        content = sealed["content"]
        metadata = Metadata.from_dict(content["metadata"])
        signer = bytes.fromhex(metadata.signer)
        Ed25519PublicKey.from_public_bytes(signer).verify(
            b64decode(sealed["signature"]), _signed(content)
        )
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise IntegrityError("an arrival whose letter is wrong") from error
    if (content["id"], content["owner"]) != (arrival.document.id, owner_id):
        raise IntegrityError("an arrival of another document")
    if metadata.signer not in adders:
        raise IntegrityError("an arrival from somebody who may not add")
    verify_document(arrival.document, owner_id, signer)
    return metadata


def file_arrivals(
    vault: Vault, space_id: str, bundle: KeyBundle, former: KeyBundle | None = None
) -> set[str]:
    """File all arrivals with the owner's keys; give their ids, to be reconciled.

    ``former`` are the keys they were sealed to, where these have just been replaced.
    The shares of their folder get an empty entry: their recipients have the key. One
    that nobody with the right to add has signed is dropped.
    """
    sharing = sharing_of(vault)
    if not sharing.arrivals:
        return set()
    contents, keys = open_contents(vault, space_id, bundle), former or bundle
    adders = set()
    for share in sharing.given.values():
        try:
            own = open_own(share, space_id, bundle)
        except NOT_READABLE:
            continue
        if own.may_add:
            adders.add(own.signing)
    filed = set()
    for document_id, arrival in list(sharing.arrivals.items()):
        del sharing.arrivals[document_id]
        try:
            metadata = open_arrival(arrival, space_id, keys.identity, adders)
            metadata = _take_over(arrival.document, metadata, keys, bundle)
        except NOT_READABLE as error:
            logger.error("integrity: arrival %s: %s", document_id, error)
            arrival.document.header, arrival.document.parts = b"", ()
            continue
        for share in sharing.given.values():
            if metadata.folder in share.folders:
                share.entries[document_id] = b""
        if metadata.folder not in contents.folders:
            metadata = replace(metadata, folder=TOP)
        box = seal_metadata(bundle, space_id, document_id, metadata)
        vault.add(arrival.document, box)
        filed.add(document_id)
    return filed


def _take_over(
    document: VaultDocument, metadata: Metadata, keys: KeyBundle, bundle: KeyBundle
) -> Metadata:
    """Sign an arrival that was verified; its origin keeps who signed it before."""
    header = reseal_header(document.header, keys.identity, bundle.recipient)
    metadata = owned(metadata, document)
    put_signed(document, bundle, header, document.record["payload_sha256"])
    return metadata
