"""What a recipient does: look, answer, read, add, give back.

A recipient's way to a share begins with the letter in the own space, which opens with
the own keys alone. Each call asks anew whether the share is under way.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import OpenPart
from civisdata.content.vault.parts import PartsReader
from civisdata.content.vault.sharing.arrivals import open_arrival
from civisdata.content.vault.sharing.limits import is_live
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.parts import Head
from civisdata.content.vault.sharing.parts import Letter
from civisdata.content.vault.sharing.parts import read_letter
from civisdata.content.vault.sharing.parts import ShareBoxes
from civisdata.content.vault.sharing.parts import SharedDocument
from civisdata.content.vault.sharing.parts import SharedFolder
from civisdata.content.vault.sharing.people import keys_of
from civisdata.content.vault.sharing.storage import ACCEPTED
from civisdata.content.vault.sharing.storage import LEFT
from civisdata.content.vault.sharing.storage import OFFERED
from civisdata.content.vault.sharing.storage import REFUSED
from civisdata.content.vault.sharing.storage import Share
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import Vault
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from ZODB.blob import Blob
import logging


logger = logging.getLogger("civisdata.vault")


@dataclass(frozen=True)
class Received:
    """A share as its recipient finds it; ``share`` and ``head`` are None once it ended."""

    id: str
    letter: Letter
    owner: object | None = None
    share: Share | None = None
    head: Head | None = None

    @property
    def is_live(self) -> bool:
        return self.head is not None

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.is_live and self.share.state == OFFERED

    @property
    def vault(self) -> Vault:
        """The owner's vault."""
        return get_vault(self.owner)

    @property
    def boxes(self) -> ShareBoxes:
        return ShareBoxes(self.letter.share_key, self.letter.owner, self.letter.share)


def find_received(space, bundle: KeyBundle, received_id: str) -> Received:
    """Open a letter and look whether its share is under way; NoSuchItem."""
    sealed = sharing_of(get_vault(space)).received.get(received_id)
    if sealed is None:
        raise NoSuchItem(received_id)
    try:
        letter = read_letter(sealed, bundle)
    except NOT_READABLE:
        logger.error("integrity: letter %s", received_id)
        raise NoSuchItem(received_id) from None
    owner = space.__parent__.get_space(letter.owner)
    if owner is None or keys_of(owner) != letter.owner_public:
        return Received(received_id, letter)
    share = sharing_of(get_vault(owner)).given.get(letter.share)
    if share is None or not share.head:
        return Received(received_id, letter)
    try:
        head = ShareBoxes(letter.share_key, letter.owner, letter.share).head(share.head)
    except NOT_READABLE:
        logger.error("integrity: share %s", letter.share)
        return Received(received_id, letter)
    if not is_live(share, head):
        return Received(received_id, letter)
    return Received(received_id, letter, owner, share, head)


def all_received(space, bundle: KeyBundle) -> list[Received]:
    """Give all shares that the letters of a space tell of; ended ones too."""
    found = []
    for received_id in sharing_of(get_vault(space)).received:
        try:
            found.append(find_received(space, bundle, received_id))
        except NoSuchItem:
            continue
    return found


def accept(received: Received) -> None:
    """Take a share that waits; NoSuchItem where it doesn't."""
    _answer(received, ACCEPTED)


def refuse(received: Received) -> None:
    """Refuse a share that waits; NoSuchItem where it doesn't."""
    _answer(received, REFUSED)


def _answer(received: Received, state: str) -> None:
    if not received.waits:
        raise NoSuchItem(received.id)
    received.share.state = state
    received.share.answered_at = int(clock.now())


def leave(received: Received) -> None:
    """Give a share back that was taken; NoSuchItem."""
    need_accepted(received)
    received.share.state = LEFT
    share_id = received.share.id
    sharing_of(received.vault).drop_uploads(lambda upload: upload.share == share_id)


def forget_received(space, received: Received) -> None:
    """Drop the letter of a share that isn't under way any more; NoSuchItem."""
    if received.is_live:
        raise NoSuchItem(received.id)
    del sharing_of(get_vault(space)).received[received.id]


def drop_ended(space, bundle: KeyBundle, kept: int) -> int:
    """Drop letters that lead nowhere where there are more than ``kept``; give how many.

    Else offers that are made and taken back could keep others from arriving.
    """
    letters = sharing_of(get_vault(space)).received
    if len(letters) <= kept:
        return 0
    live = {found.id for found in all_received(space, bundle) if found.is_live}
    ended = [id for id in letters if id not in live]
    for received_id in ended:
        del letters[received_id]
    return len(ended)


def need_accepted(received: Received) -> None:
    """Raise NoSuchItem unless a share was taken and is under way."""
    if not received.is_live or received.share.state != ACCEPTED:
        raise NoSuchItem(received.id)


@dataclass(frozen=True)
class Shared:
    """All of a share at once, by id; the root folder's id is ``head.item``."""

    documents: dict[str, SharedDocument]
    folders: dict[str, SharedFolder]

    def path(self, folder_id: str) -> list[tuple[str, SharedFolder]]:
        """Give the folders from the shared one down to this one."""
        steps: list[tuple[str, SharedFolder]] = []
        while folder_id in self.folders and len(steps) <= len(self.folders):
            steps.append((folder_id, self.folders[folder_id]))
            folder_id = steps[-1][1].parent
        return steps[::-1]


def open_shared(received: Received, bundle: KeyBundle) -> Shared:
    """Open what was shared: titles and places; NoSuchItem where it wasn't taken."""
    need_accepted(received)
    boxes, share, vault = received.boxes, received.share, received.vault
    folders = _readable(boxes.folder, share.folders.items())
    entries = ((id, box) for id, box in share.entries.items() if id in vault.documents)
    documents = _readable(boxes.document, entries)
    if received.head.kind == FOLDER:
        documents |= _arrived(received, bundle, folders)
    return Shared(documents, folders)


def _readable(open: Callable[[str, bytes], Any], boxes: Iterable) -> dict[str, Any]:
    """Open boxes by id; those that were altered are left out until the owner comes."""
    found = {}
    for id, box in boxes:
        try:
            found[id] = open(id, box)
        except (KeyError, *NOT_READABLE):
            logger.error("integrity: a box of a share, item %s", id)
    return found


def _arrived(
    received: Received, bundle: KeyBundle, folders: dict[str, SharedFolder]
) -> dict[str, SharedDocument]:
    """Give what recipients have added since the owner's last opening."""
    found = {}
    for id, arrival in sharing_of(received.vault).arrivals.items():
        adders = {signer for folder in folders.values() for signer in folder.adders}
        try:
            metadata = open_arrival(
                arrival, received.letter.owner, bundle.identity, adders
            )
        except NOT_READABLE:
            # Of another folder, or to other people.
            continue
        if metadata.folder in folders:
            found[id] = _seen(metadata)
    return found


def _seen(metadata: Metadata) -> SharedDocument:
    return SharedDocument(
        title=metadata.title,
        name=metadata.name,
        kind=metadata.kind,
        category=metadata.category,
        size=metadata.size,
        sha256=metadata.sha256,
        stored_at=metadata.stored_at,
        folder=metadata.folder,
        signer=metadata.signer,
        added_by=(metadata.origin or {}).get("added_by", ""),
    )


def find_document(
    received: Received, bundle: KeyBundle, document_id: str
) -> tuple[VaultDocument, SharedDocument]:
    """Give a shared document and what is told of it; NoSuchItem, IntegrityError."""
    need_accepted(received)
    vault, share = received.vault, received.share
    if document_id in share.entries and document_id in vault.documents:
        part = _readable(
            received.boxes.document, [(document_id, share.entries[document_id])]
        ).get(document_id)
        if part is None:
            raise IntegrityError("an entry of a share that doesn't open")
        return vault.documents[document_id], part
    if document_id in sharing_of(vault).arrivals:
        part = open_shared(received, bundle).documents.get(document_id)
        if part is not None:
            return sharing_of(vault).arrivals[document_id].document, part
    raise NoSuchItem(document_id)


def open_shared_document(
    received: Received,
    bundle: KeyBundle,
    document_id: str,
    opener: Callable[[Sequence[Blob]], OpenPart] | None = None,
) -> OpenedDocument:
    """Open a shared document with the recipient's own keys.

    ``opener`` gives what opens the parts of a payload. NoSuchItem, IntegrityError.
    """
    document, part = find_document(received, bundle, document_id)
    if document.id != document_id:
        raise IntegrityError("another document in its place")
    verify_document(document, received.letter.owner, bytes.fromhex(part.signer))
    file_key = open_header(document.header, bundle.identity)
    open_parts = open_part if opener is None else opener(document.parts)
    parts = PartsReader(document.parts, document.piece_size, open_parts)
    try:
        payload = PayloadReader(file_key, document.payload_size, parts.read_at)
        if payload.clear_size != part.size:
            raise IntegrityError("a payload of another size")
    except BaseException:
        parts.close()
        raise
    metadata = Metadata(
        title=part.title,
        name=part.name,
        kind=part.kind,
        category=part.category,
        size=part.size,
        sha256=part.sha256,
        stored_at=part.stored_at,
        folder=part.folder,
    )
    return OpenedDocument(metadata, payload, parts)
