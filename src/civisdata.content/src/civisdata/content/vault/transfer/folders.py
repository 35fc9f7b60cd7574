"""Folders of an archive in a vault: those that are there already are used again."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.contents import MAX_DEPTH
from civisdata.content.vault.contents import MAX_FOLDERS
from civisdata.content.vault.contents import put_folder
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.manifest import Manifest
from dataclasses import replace


def take_in_folders(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    contents: Contents,
    manifest: Manifest,
) -> dict[str, str]:
    """Make the archive's folders; give their ids here by their ids there.

    A folder of the same name in the same place is used, but by one of them only.
    ArchiveError(``folders``) where there would be too many, or too deep ones.
    """
    here: dict[str, str] = {}
    free: dict[tuple, list[str]] = {}
    for known in contents.folders.values():
        parent = contents.place_of(known.parent)
        free.setdefault(_likeness(known, parent), []).append(known.id)
    made = 0
    for folder in _upper_first(manifest.folders):
        parent = here.get(folder.parent, TOP)
        same = free.get(_likeness(folder, parent))
        if same:
            here[folder.id] = same.pop()
            continue
        arrived = replace(folder, id=new_id(), parent=parent, revision=0)
        contents.folders[arrived.id] = arrived
        put_folder(vault, space_id, bundle, arrived)
        here[folder.id] = arrived.id
        made += 1
        if len(contents.path(arrived.id)) > MAX_DEPTH:
            raise ArchiveError("folders")
    if made and len(contents.folders) > MAX_FOLDERS:
        raise ArchiveError("folders")
    return here


def _likeness(folder: Folder, parent: str) -> tuple:
    return parent, folder.title, bool(folder.binned_at)


def _upper_first(folders: tuple[Folder, ...]) -> list[Folder]:
    """Give each folder after the one it lies in; circles are broken at the top."""
    waiting = {folder.id: folder for folder in folders}
    order: list[Folder] = []
    known = {TOP}
    while waiting:
        ready = [
            folder
            for folder in waiting.values()
            if folder.parent in known or folder.parent not in waiting
        ]
        if not ready:
            ready = [replace(next(iter(waiting.values())), parent=TOP)]
        for folder in ready:
            order.append(folder)
            known.add(folder.id)
            del waiting[folder.id]
    return order
