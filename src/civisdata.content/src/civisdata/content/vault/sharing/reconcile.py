"""Shares follow the vault: what they cover is what lies there now.

``reconcile`` compares, for each share, the documents that lie in what was shared with
those whose headers are sealed to its recipient, and brings the second to the first. It
may run at any time and as often as one likes. Whoever loses a document makes its
payload wait for a new key (see ``rekey``).
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.contents import open_some
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.sharing.headers import seal_to
from civisdata.content.vault.sharing.limits import is_live
from civisdata.content.vault.sharing.parts import DOCUMENT
from civisdata.content.vault.sharing.parts import Head
from civisdata.content.vault.sharing.parts import open_own
from civisdata.content.vault.sharing.parts import Own
from civisdata.content.vault.sharing.parts import seal_own
from civisdata.content.vault.sharing.parts import ShareBoxes
from civisdata.content.vault.sharing.parts import SharedDocument
from civisdata.content.vault.sharing.parts import SharedFolder
from civisdata.content.vault.sharing.rekey import queue_rekey
from civisdata.content.vault.sharing.storage import ENDED
from civisdata.content.vault.sharing.storage import LIVE
from civisdata.content.vault.sharing.storage import OFFERED
from civisdata.content.vault.sharing.storage import Share
from civisdata.content.vault.sharing.storage import Sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import Vault
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
import logging


logger = logging.getLogger("civisdata.vault")


@dataclass
class _Live:
    """A share under way and what it covers now."""

    share: Share
    own: Own
    boxes: ShareBoxes
    folders: list[str]
    documents: set[str]


def reconcile(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    *,
    is_gone: Callable[[Own], bool] = lambda own: False,
    fresh: Collection[str] = (),
    now: float | None = None,
    only: Collection[str] | None = None,
) -> None:
    """Bring all shares of an opened vault up to date.

    ``is_gone`` says whether a recipient can have no share any more; ``fresh`` are ids of
    documents whose headers somebody else has made. ``only`` are new documents, where
    nothing else has changed: the others then aren't opened. Shares that are over are
    closed.
    """
    sharing = sharing_of(vault)
    if all(share.ended_at for share in sharing.given.values()):
        return
    now = clock.now() if now is None else now
    if only is None:
        contents = open_contents(vault, space_id, bundle)
    else:
        contents = open_some(vault, space_id, bundle, only)
    live: list[_Live] = []
    lost: dict[str, set[str]] = defaultdict(set)
    for share in sharing.given.values():
        if share.ended_at:
            continue
        own = _own(share, space_id, bundle)
        # Offers wait alike, whoever they were made to: else their end would tell.
        gone = own is not None and share.state != OFFERED and is_gone(own)
        over = own is None or gone or not is_live(share, own, now)
        if only is not None and not over and own.kind == DOCUMENT:
            # What is new lies in no document.
            continue
        covered = None if over else _covered(contents, own)
        if covered is None and only is not None:
            # More is to be done than was thought; nothing has been done yet.
            reconcile(vault, space_id, bundle, is_gone=is_gone, fresh=fresh, now=now)
            return
        if covered is None:
            _close(share, space_id, bundle, own, lost, now)
            sharing.drop_uploads(lambda upload, id=share.id: upload.share == id)
            continue
        boxes = ShareBoxes(own.share_key, space_id, share.id)
        live.append(_Live(share, own, boxes, *covered))
    for each in live if only is None else ():
        for document_id in set(each.share.entries) - each.documents:
            each.share.forget(document_id)
            lost[document_id].add(each.own.exchange)
    _seal(vault, space_id, bundle, contents, live, {*lost, *fresh})
    for each in live:
        _write_folders(each, live, contents)
        _write_entries(each, contents, bundle)
        _write_head(each, contents)
    _queue(vault, sharing, space_id, bundle, contents, live, lost)


def _own(share: Share, space_id: str, bundle: KeyBundle) -> Own | None:
    try:
        return open_own(share, space_id, bundle)
    except NOT_READABLE:
        logger.error("integrity: share %s", share.id)
        return None


def _covered(contents: Contents, own: Own) -> tuple[list[str], set[str]] | None:
    """Give the folders and documents that a share covers; None where its item is gone."""
    if own.kind == DOCUMENT:
        metadata = contents.documents.get(own.item)
        if metadata is None:
            return None
        return [], set() if contents.is_binned(metadata) else {own.item}
    if own.item not in contents.folders:
        return None
    if contents.is_binned(contents.folders[own.item]):
        return [], set()
    folders = [
        folder.id
        for folder in contents.below(own.item)
        if not contents.is_binned(folder)
    ]
    inside = set(folders)
    documents = {
        id
        for id, metadata in contents.documents.items()
        if metadata.folder in inside and not metadata.binned_at
    }
    return folders, documents


def _close(
    share: Share,
    space_id: str,
    bundle: KeyBundle,
    own: Own | None,
    lost: dict[str, set[str]],
    now: float,
) -> None:
    """End a share: nothing in it opens any more, and its key is forgotten."""
    exchange = own.exchange if own else ""
    for document_id in share.entries:
        lost[document_id].add(exchange)
    share.empty()
    share.head = b""
    share.ended_at = int(now)
    if share.state in LIVE:
        share.state = ENDED
    if own is None:
        share.own = b""
    else:
        seal_own(share, space_id, bundle, replace(own, key=""))


def _wanted(live: list[_Live], document_id: str) -> set[str]:
    """Give the addresses that a document is to be sealed to, beside the owner's."""
    return {each.own.public.recipient for each in live if document_id in each.documents}


def _seal(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    contents: Contents,
    live: list[_Live],
    changed: set[str],
) -> None:
    """Make the headers anew of ``changed`` documents, and of those somebody gained."""
    for each in live:
        changed |= {id for id in each.documents if id not in each.share.entries}
    for document_id in changed:
        document = vault.documents.get(document_id)
        metadata = contents.documents.get(document_id)
        if document is None or metadata is None:
            continue
        try:
            contents.documents[document_id] = seal_to(
                vault,
                space_id,
                bundle,
                document,
                metadata,
                _wanted(live, document_id),
            )
        except (IntegrityError, ValueError) as error:
            logger.error("integrity: document %s: %s", document_id, error)
            for each in live:
                each.documents.discard(document_id)
                each.share.forget(document_id)


def _says(part: Any, open: Callable[..., Any], *box: Any) -> bool:
    """Say whether a box is there and holds ``part``; not so where it was altered."""
    if not box[-1]:
        return False
    try:
        return open(*box) == part
    except (KeyError, *NOT_READABLE):
        logger.error("integrity: a box of a share")
        return False


def _write_folders(each: _Live, live: list[_Live], contents: Contents) -> None:
    share, inside = each.share, set(each.folders)
    for folder_id in set(share.folders) - inside:
        del share.folders[folder_id]
    for folder_id in each.folders:
        folder = contents.folders[folder_id]
        others = [other for other in live if folder_id in other.folders]
        part = SharedFolder(
            title=folder.title,
            parent="" if folder_id == each.own.item else folder.parent,
            recipients=tuple(sorted({other.own.public.recipient for other in others})),
            adders=tuple(
                sorted({other.own.signing for other in others if other.own.may_add})
            ),
        )
        box = share.folders.get(folder_id)
        if not _says(part, each.boxes.folder, folder_id, box):
            share.folders[folder_id] = each.boxes.seal(part, folder_id)


def _write_entries(each: _Live, contents: Contents, bundle: KeyBundle) -> None:
    signer = bundle.public.signing.hex()
    for document_id in each.documents:
        part = shared_document(contents.documents[document_id], each.own, signer)
        box = each.share.entries.get(document_id)
        if not _says(part, each.boxes.document, document_id, box):
            each.share.entries[document_id] = each.boxes.seal(part, document_id)


def shared_document(metadata: Metadata, own: Own, signer: str) -> SharedDocument:
    """Give what a recipient is told of a document."""
    origin = metadata.origin or {}
    return SharedDocument(
        title=metadata.title,
        name=metadata.name,
        kind=metadata.kind,
        category=metadata.category,
        size=metadata.size,
        sha256=metadata.sha256,
        stored_at=metadata.stored_at,
        folder="" if own.kind == DOCUMENT else metadata.folder,
        signer=metadata.signer or signer,
        added_by=origin.get("added_by", ""),
    )


def _write_head(each: _Live, contents: Contents) -> None:
    own, share = each.own, each.share
    items = contents.documents if own.kind == DOCUMENT else contents.folders
    head = Head(
        kind=own.kind,
        item=own.item,
        title=items[own.item].title,
        may_add=own.may_add,
        until=own.until,
        message=own.message,
    )
    if not _says(head, each.boxes.head, share.head):
        share.head = each.boxes.seal(head, share.id)


def _queue(
    vault: Vault,
    sharing: Sharing,
    space_id: str,
    bundle: KeyBundle,
    contents: Contents,
    live: list[_Live],
    lost: dict[str, set[str]],
) -> None:
    """Let payloads wait for a new key whose old one a former recipient may have."""
    for document_id, losers in lost.items():
        keepers = {e.own.exchange for e in live if document_id in e.documents}
        document = vault.documents.get(document_id)
        if losers - keepers and document is not None:
            queue_rekey(sharing, space_id, bundle, document)
