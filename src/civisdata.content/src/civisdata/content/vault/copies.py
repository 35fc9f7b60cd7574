"""Copies: new documents with an id, a file key and a ciphertext of their own.

The clear text streams from one payload into the other, a piece at a time; nothing of a
copy can be told from a new document by whoever has the database but not the keys.
"""

from civisdata.content.vault import contents as c
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.filing import check_target
from civisdata.content.vault.filing import Opened
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import replace
import time


#: What a copy keeps of the metadata; who deposited or signed it is not of the copy.
_KEPT = ("category", "notes", "paper", "valid_until", "ends_on")


def copy(
    opened: Opened,
    item_ids: Iterable[str],
    target: str,
    limits: Limits,
    name_copy: Callable[[str], str],
) -> list[str]:
    """Copy items into a folder; give the ids of the documents that were made.

    Where the original lies in the same folder, ``name_copy`` makes the copy's title.
    What is in the bin isn't copied along. Raises NoSuchItem, IntegrityError, Refused
    (``into_itself``, ``depth``, ``quota``, ``too_many_folders``); the caller then aborts
    its transaction.
    """
    contents, item_ids = opened.contents(), list(dict.fromkeys(item_ids))
    check_target(contents, item_ids, target)
    plan, room = [], c.MAX_FOLDERS - len(contents.folders)
    for id, item in _plan(opened, contents, item_ids, target, name_copy):
        plan.append((id, item))
        # Known before all documents of too many folders were looked for.
        room -= isinstance(item, Folder)
        if room < 0:
            raise Refused("too_many_folders")
    needed = sum(item.size for _id, item in plan if isinstance(item, Metadata))
    if opened.vault.held + needed > limits.quota:
        raise Refused("quota")
    for _id, item in plan:
        if isinstance(item, Folder):
            c.put_folder(opened.vault, opened.space_id, opened.bundle, item)
    copies = [(id, item) for id, item in plan if isinstance(item, Metadata)]
    return [_copy_document(opened, id, metadata, limits) for id, metadata in copies]


def _plan(
    opened: Opened,
    contents: Contents,
    item_ids: Iterable[str],
    target: str,
    name_copy: Callable[[str], str],
) -> Iterator[tuple[str, Folder | Metadata]]:
    """Give the folders to make, and (original, what its copy is to be) of documents."""
    now = int(time.time())
    for item_id in item_ids:
        item = opened.item(item_id)
        place = item.parent if isinstance(item, Folder) else item.folder
        title = item.title
        if contents.place_of(place) == target:
            title = c.clean_title(name_copy(title))
        if isinstance(item, Metadata):
            yield item_id, replace(item, title=title, folder=target)
            continue
        copied = {item.parent: target}
        for folder in contents.below(item_id):
            if folder.id != item_id and contents.is_binned(folder):
                continue
            made = Folder(
                new_id(),
                title if folder.id == item_id else folder.title,
                target if folder.id == item_id else copied[folder.parent],
                now,
            )
            copied[folder.id] = made.id
            yield folder.id, made
            for document_id, metadata in contents.documents_in(folder.id).items():
                if not metadata.binned_at:
                    yield document_id, replace(metadata, folder=made.id)


def _copy_document(
    opened: Opened, document_id: str, wanted: Metadata, limits: Limits
) -> str:
    original = opened.vault.document(document_id)
    with open_document(
        opened.vault, opened.space_id, original, opened.bundle
    ) as source:
        made = store_stream(
            opened.vault,
            opened.space_id,
            opened.bundle,
            name=wanted.name,
            size=source.size,
            category=DEFAULT,
            # It was allowed once; a smaller limit of today doesn't forbid its copy.
            limits=replace(limits, max_document=max(limits.max_document, source.size)),
            stream=_Reader(source.read()),
            folder=wanted.folder,
        )
    update_metadata(
        opened.vault,
        opened.space_id,
        opened.vault.document(made),
        opened.bundle,
        title=wanted.title,
        **{name: getattr(wanted, name) for name in _KEPT},
    )
    return made


class _Reader:
    """Batches of bytes as a stream."""

    def __init__(self, batches: Iterator[bytes]):
        self._batches = batches
        self._held = b""

    def read(self, size: int) -> bytes:
        while not self._held:
            batch = next(self._batches, None)
            if batch is None:
                return b""
            self._held = batch
        data, self._held = self._held[:size], self._held[size:]
        return data
