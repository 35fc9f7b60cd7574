"""All of an opened vault at once: documents and folders, as they lie in each other.

Where a document or folder lies is said by its sealed box alone, so that the server can't
know it. A request opens all boxes (13 microseconds each) and drops them.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.changes import changed
from civisdata.content.vault.documents import list_documents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
import time


#: The id of the place that holds everything.
TOP = ""
#: How deep folders may lie in each other.
MAX_DEPTH = 32
#: Folders of one vault.
MAX_FOLDERS = 2000
#: Characters of a title.
MAX_TITLE = 255
PURPOSE = "folder"


@dataclass(frozen=True)
class Folder:
    """A folder; ``parent`` is the id of the one it lies in, ``TOP`` for none."""

    id: str
    title: str
    parent: str = TOP
    made_at: int = 0
    binned_at: int = 0
    revision: int = 0


@dataclass(frozen=True)
class Contents:
    """What an opened vault holds, by id; ``altered`` are ids whose box didn't open."""

    documents: dict[str, Metadata] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    altered: tuple[str, ...] = ()

    def folder(self, folder_id: str) -> Folder:
        """Give a folder; NoSuchItem."""
        if folder_id not in self.folders:
            raise NoSuchItem(folder_id)
        return self.folders[folder_id]

    def path(self, folder_id: str) -> list[Folder]:
        """Give the folders from the top down to this one, itself included.

        A parent that is gone counts as the top, so that nothing is out of reach.
        """
        steps: list[Folder] = []
        while folder_id in self.folders and len(steps) <= MAX_DEPTH:
            steps.append(self.folders[folder_id])
            folder_id = steps[-1].parent
        return steps[::-1]

    def place_of(self, parent: str) -> str:
        """Give ``parent``, or ``TOP`` where that folder is gone."""
        return parent if parent in self.folders else TOP

    def folders_in(self, folder_id: str) -> list[Folder]:
        return [
            folder
            for folder in self.folders.values()
            if self.place_of(folder.parent) == folder_id
        ]

    def documents_in(self, folder_id: str) -> dict[str, Metadata]:
        return {
            id: metadata
            for id, metadata in self.documents.items()
            if self.place_of(metadata.folder) == folder_id
        }

    def below(self, folder_id: str) -> Iterator[Folder]:
        """Give the folder and all that lie in it, at any depth, the upper ones first."""
        waiting, seen = [self.folder(folder_id)], {folder_id}
        children: dict[str, list[Folder]] = {}
        for folder in self.folders.values():
            children.setdefault(self.place_of(folder.parent), []).append(folder)
        for folder in waiting:
            yield folder
            for child in children.get(folder.id, ()):
                if child.id not in seen:
                    seen.add(child.id)
                    waiting.append(child)

    def is_binned(self, item: Folder | Metadata) -> bool:
        """Say whether an item, or a folder it lies in, is in the bin."""
        parent = item.parent if isinstance(item, Folder) else item.folder
        return bool(item.binned_at) or any(
            folder.binned_at for folder in self.path(parent)
        )


def open_contents(vault: Vault, space_id: str, bundle: KeyBundle) -> Contents:
    """Open the boxes of all documents and folders."""
    contents, altered = Contents(), []
    documents = contents.documents
    for document_id, metadata in list_documents(vault, space_id, bundle, 0, None):
        if metadata is None:
            altered.append(document_id)
        else:
            documents[document_id] = metadata
    altered += _open_folders(vault, space_id, bundle, contents)
    return Contents(contents.documents, contents.folders, tuple(altered))


def open_some(
    vault: Vault, space_id: str, bundle: KeyBundle, document_ids: Iterable[str]
) -> Contents:
    """Open the boxes of these documents and of all folders, whatever else there is."""
    contents, altered = Contents(), []
    for document_id in document_ids:
        document = vault.documents.get(document_id)
        if document is None:
            continue
        try:
            metadata = metadata_of(vault, space_id, document, bundle)
        except NOT_READABLE:
            altered.append(document_id)
        else:
            contents.documents[document_id] = metadata
    altered += _open_folders(vault, space_id, bundle, contents)
    return Contents(contents.documents, contents.folders, tuple(altered))


def _open_folders(
    vault: Vault, space_id: str, bundle: KeyBundle, contents: Contents
) -> list[str]:
    """Open the boxes of all folders into ``contents``; give the ids of altered ones."""
    key, altered = BoxKey(bundle.vault_key), []
    for folder_id, box in vault.folders.items():
        try:
            contents.folders[folder_id] = _open(key, space_id, folder_id, box)
        except NOT_READABLE:
            altered.append(folder_id)
    _break_circles(contents)
    return altered


def _break_circles(contents: Contents) -> None:
    """Let one of the folders that lie in each other count as lying at the top.

    Two moves at once can make such a circle: each changes a folder that the other only
    reads. What lies in it must not be out of reach.
    """
    known = {TOP}
    for folder_id in contents.folders:
        steps = []
        while folder_id not in known and folder_id not in steps:
            steps.append(folder_id)
            folder_id = contents.place_of(contents.folders[folder_id].parent)
        if folder_id not in known:
            first = contents.folders[folder_id]
            contents.folders[folder_id] = replace(first, parent=TOP)
        known.update(steps)


def _open(key: BoxKey, space_id: str, folder_id: str, box: bytes) -> Folder:
    data = key.open(box, space_id=space_id, item_id=folder_id, purpose=PURPOSE)
    known = Folder.__dataclass_fields__
    return Folder(**{name: data[name] for name in known if name in data})


def folder_of(vault: Vault, space_id: str, folder_id: str, bundle: KeyBundle) -> Folder:
    """Open one folder's box; NoSuchItem, IntegrityError."""
    if folder_id not in vault.folders:
        raise NoSuchItem(folder_id)
    key = BoxKey(bundle.vault_key)
    return _open(key, space_id, folder_id, vault.folders[folder_id])


def put_folder(vault: Vault, space_id: str, bundle: KeyBundle, folder: Folder) -> None:
    """Seal a folder and keep it, in place of what its id held before."""
    box = BoxKey(bundle.vault_key).seal(
        asdict(folder), space_id=space_id, item_id=folder.id, purpose=PURPOSE
    )
    vault.set_folder(folder.id, box)
    changed(vault, space_id, bundle)


def make_folder(
    vault: Vault, space_id: str, bundle: KeyBundle, title: str, parent: str = TOP
) -> Folder:
    """Make a folder in ``parent``; Refused (``title``, ``depth``, ``too_many_folders``).

    NoSuchItem where ``parent`` isn't there.
    """
    title = clean_title(title)
    contents = open_contents(vault, space_id, bundle)
    if parent != TOP:
        contents.folder(parent)
    if len(contents.path(parent)) >= MAX_DEPTH:
        raise Refused("depth")
    if len(contents.folders) >= MAX_FOLDERS:
        raise Refused("too_many_folders")
    folder = Folder(new_id(), title, parent, int(time.time()))
    put_folder(vault, space_id, bundle, folder)
    return folder


def clean_title(title: Any) -> str:
    """Give a title of one line, at most 255 characters; Refused("title")."""
    if not isinstance(title, str):
        raise Refused("title")
    title = "".join(c if c.isprintable() else " " for c in title)
    title = " ".join(title.split())[:MAX_TITLE].strip()
    if not title:
        raise Refused("title")
    return title
