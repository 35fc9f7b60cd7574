"""A recipient adds to a shared folder, whole or piece by piece.

What is on its way lies in the owner's vault, sealed with keys that only the share's key
opens, and goes when the share ends. The last piece makes it an arrival.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.errors import WrongOffset
from civisdata.content.vault.names import clean_name
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sharing.arrivals import add_document
from civisdata.content.vault.sharing.arrivals import check_addition
from civisdata.content.vault.sharing.arrivals import deliver
from civisdata.content.vault.sharing.parts import SharedFolder
from civisdata.content.vault.sharing.received import need_accepted
from civisdata.content.vault.sharing.received import Received
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.sharing.storage import SharedUpload
from civisdata.content.vault.sharing.storage import Sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.uploads import EXPIRES
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import MAX_UPLOADS
from civisdata.content.vault.uploads import new_state
from civisdata.content.vault.uploads import Progress
from civisdata.content.vault.uploads import take_piece
from collections.abc import Collection
from typing import Any
from typing import BinaryIO


PURPOSE = "share upload"


def need_adder(received: Received) -> None:
    """Raise NoSuchItem unless this share is under way and lets its recipient add."""
    need_accepted(received)
    if not received.head.may_add:
        raise NoSuchItem(received.id)


def _folder(received: Received, folder_id: str) -> SharedFolder:
    """Open the one folder that something is added to; NoSuchItem."""
    box = received.share.folders.get(folder_id)
    try:
        return received.boxes.folder(folder_id, box or b"")
    except (KeyError, *NOT_READABLE):
        raise NoSuchItem(folder_id) from None


def _seal(received: Received, upload: SharedUpload, state: dict[str, Any]) -> None:
    letter = received.letter
    upload.box = BoxKey(letter.share_key).seal(
        state, space_id=letter.owner, item_id=upload.id, purpose=PURPOSE
    )


def _open(received: Received, upload: SharedUpload) -> dict[str, Any]:
    letter = received.letter
    return BoxKey(letter.share_key).open(
        upload.box, space_id=letter.owner, item_id=upload.id, purpose=PURPOSE
    )


def _own(received: Received) -> list[SharedUpload]:
    uploads = sharing_of(received.vault).uploads.values()
    return [upload for upload in uploads if upload.share == received.letter.share]


def drop_stale(sharing: Sharing, now: float | None = None) -> int:
    """Drop what nobody went on with for a day; give how many."""
    limit = (clock.now() if now is None else now) - EXPIRES
    return sharing.drop_uploads(lambda upload: upload.touched_at < limit)


def start(
    received: Received,
    *,
    folder: str,
    name: str,
    size: int,
    category: str,
    limits: Limits,
    categories: Collection[str],
    first_sha256: str = "",
) -> SharedUpload:
    """Begin with a document, or take up the one of this very file that stopped.

    NoSuchItem where nothing may be added there; Refused as uploads are, ``arrivals``.
    """
    need_adder(received)
    _folder(received, folder)
    sharing = ensure_sharing(received.vault)
    drop_stale(sharing)
    for upload in _own(received) if first_sha256 else ():
        try:
            state = _open(received, upload)
        except NOT_READABLE:
            continue
        known = (state["name"], state["first_sha256"], upload.size)
        if upload.received and known == (clean_name(name), first_sha256, size):
            check_category(category, categories)
            _seal(received, upload, state | {"folder": folder, "category": category})
            return upload
    check_addition(received.vault, size, category, limits, categories)
    if len(_own(received)) >= MAX_UPLOADS:
        raise Refused("too_many")
    upload = SharedUpload(new_id(), size, PIECE, clock.now())
    upload.share = received.letter.share
    _seal(received, upload, new_state(name, category, folder))
    sharing.add_upload(upload)
    return upload


def check_category(category: str, categories: Collection[str]) -> None:
    """Raise Refused("category") for one that isn't among those offered."""
    if category not in categories:
        raise Refused("category")


def get(received: Received, upload_id: str) -> SharedUpload:
    """Give an upload under way of this share; NoSuchItem."""
    need_adder(received)
    for upload in _own(received):
        if upload.id == upload_id:
            return upload
    raise NoSuchItem(upload_id)


def cancel(received: Received, upload_id: str) -> None:
    """Drop an upload under way of this share; NoSuchItem."""
    sharing_of(received.vault).drop_upload(get(received, upload_id).id)


def add_piece(
    received: Received,
    bundle: KeyBundle,
    upload_id: str,
    offset: int,
    stream: BinaryIO,
    by: str,
) -> Progress:
    """Seal the next piece as it is read; the last one hands the document over.

    ``by`` is the recipient's name. NoSuchItem, WrongOffset, Refused, IntegrityError.
    """
    upload = get(received, upload_id)
    if offset != upload.received:
        raise WrongOffset(upload.received)
    state = _open(received, upload)
    folder = _folder(received, state["folder"])
    if not take_piece(upload, state, stream):
        _seal(received, upload, state)
        upload.touched_at = clock.now()
        return Progress(upload.received)
    letter, vault = received.letter, received.vault
    document_id = deliver(
        vault,
        letter.owner,
        letter.owner_public.recipient,
        bundle,
        upload,
        state,
        others=folder.recipients,
        by=by,
    )
    sharing_of(vault).drop_upload(upload.id)
    return Progress(upload.size, document_id)


def add(
    received: Received,
    bundle: KeyBundle,
    *,
    folder: str,
    by: str,
    id: str = "",
    **file: Any,
) -> str:
    """Add a whole document (see ``add_document``); give its id. NoSuchItem, Refused.

    With the ``id`` of one that was added before, nothing is done.
    """
    need_adder(received)
    found, vault = _folder(received, folder), received.vault
    if id and (id in sharing_of(vault).arrivals or id in received.share.entries):
        return id
    if id in vault.documents or id in vault.folders or id in vault.uploads:
        raise Refused("name")
    letter = received.letter
    return add_document(
        vault,
        letter.owner,
        letter.owner_public.recipient,
        bundle,
        folder=folder,
        others=found.recipients,
        by=by,
        id=id,
        **file,
    )
