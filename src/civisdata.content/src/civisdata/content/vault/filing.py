"""Filing: what a citizen does with documents and folders that are there already.

An item is a document or a folder; both are known by ids of the same form. Each function
checks all before it changes anything. Moves and the bin take whatever the item is just
then; what is typed into a form carries the ``revision`` that the form was made of.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import contents as c
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Overtaken
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.papers import PAPERS
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from typing import Any
import time


#: Characters of a note.
MAX_NOTES = 10_000
#: Days that a document can have, so that no date overflows.
YEARS = range(1900, 2201)
Item = Folder | Metadata


@dataclass(frozen=True)
class Opened:
    """A vault, whose it is, and the keys that open it."""

    vault: Vault
    space_id: str
    bundle: KeyBundle

    def contents(self) -> Contents:
        return c.open_contents(self.vault, self.space_id, self.bundle)

    def is_folder(self, item_id: str) -> bool:
        return item_id in self.vault.folders

    def item(self, item_id: str) -> Item:
        """Open one item's box; NoSuchItem, IntegrityError."""
        if self.is_folder(item_id):
            return c.folder_of(self.vault, self.space_id, item_id, self.bundle)
        document = self.vault.document(item_id)
        return metadata_of(self.vault, self.space_id, document, self.bundle)

    def keep(self, item_id: str, **changes: Any) -> Item:
        """Change an item, whatever its revision is; NoSuchItem, IntegrityError."""
        if not self.is_folder(item_id):
            document = self.vault.document(item_id)
            return update_metadata(
                self.vault, self.space_id, document, self.bundle, **changes
            )
        folder = self.item(item_id)
        folder = replace(folder, revision=folder.revision + 1, **changes)
        c.put_folder(self.vault, self.space_id, self.bundle, folder)
        return folder


def change(
    opened: Opened,
    item_id: str,
    changes: dict[str, Any],
    revision: int | None = None,
    categories: Collection[str] = (),
    today: date | None = None,
) -> Item:
    """Change what a citizen may write of an item; give what it is now.

    ``changes``: ``title``; of documents ``category`` (one of ``categories``, or the one it
    has), ``notes``, ``favourite``, ``paper``, ``valid_until`` and ``ends_on`` too.
    Raises NoSuchItem, Overtaken where ``revision`` is given and no longer the item's own,
    Refused (``title``, ``category``, ``notes``, ``paper``, ``date``, ``past``).
    """
    item = opened.item(item_id)
    if revision is not None and revision != item.revision:
        raise Overtaken(item)
    clean = {
        name: _clean(name, value, item, categories, today or date.today())
        for name, value in changes.items()
    }
    if all(getattr(item, name) == value for name, value in clean.items()):
        return item
    return opened.keep(item_id, **clean)


def _clean(
    name: str, value: Any, item: Item, categories: Collection[str], today: date
) -> Any:
    if name == "title":
        return c.clean_title(value)
    if isinstance(item, Folder):
        raise KeyError(name)
    if name == "favourite":
        return bool(value)
    if not isinstance(value, str):
        raise Refused("date" if name in ("valid_until", "ends_on") else name)
    match name:
        case "category":
            if value not in categories and value != item.category:
                raise Refused("category")
        case "paper":
            if value and value not in PAPERS and value != item.paper:
                raise Refused("paper")
        case "notes":
            value = clean_notes(value)
        case "valid_until":
            value = clean_day(value)
        case "ends_on":
            value = clean_day(value)
            if value and value != item.ends_on and value < today.isoformat():
                raise Refused("past")
        case _:
            raise KeyError(name)
    return value


def clean_notes(value: str) -> str:
    """Give notes without control characters but line ends; Refused("notes")."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(x for x in value if x.isprintable() or x in "\n\t").strip()
    if len(value) > MAX_NOTES:
        raise Refused("notes")
    return value


def clean_day(value: str) -> str:
    """Give an ISO date, or nothing; Refused("date")."""
    value = value.strip()
    if not value:
        return ""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refused("date") from None
    if len(value) != 10 or day.year not in YEARS:
        raise Refused("date")
    return value


def move(opened: Opened, item_ids: Iterable[str], target: str) -> int:
    """Move items into a folder (``TOP``: out of all); give how many were elsewhere.

    NoSuchItem; Refused (``into_itself``, ``depth``) before anything is moved.
    """
    contents, item_ids = opened.contents(), list(dict.fromkeys(item_ids))
    check_target(contents, item_ids, target)
    moved = 0
    for item_id in item_ids:
        item = opened.item(item_id)
        field = "parent" if isinstance(item, Folder) else "folder"
        if getattr(item, field) != target:
            opened.keep(item_id, **{field: target})
            moved += 1
    return moved


def check_target(contents: Contents, item_ids: Sequence[str], target: str) -> None:
    """Raise NoSuchItem or Refused where the items can't come to lie in ``target``."""
    depth = 0
    if target != c.TOP:
        if contents.is_binned(contents.folder(target)):
            raise NoSuchItem(target)
        depth = len(contents.path(target))
    above = {folder.id for folder in contents.path(target)}
    for item_id in item_ids:
        if item_id in contents.documents:
            continue
        if item_id in above:
            raise Refused("into_itself")
        if depth + height(contents, item_id) > c.MAX_DEPTH:
            raise Refused("depth")


def height(contents: Contents, folder_id: str) -> int:
    """How many folders lie in each other from this one down, itself included."""
    own = len(contents.path(folder_id))
    return max(len(contents.path(f.id)) for f in contents.below(folder_id)) - own + 1


def ensure_path(opened: Opened, parent: str, names: Sequence[str]) -> str:
    """Give the id of the folder at ``names`` below ``parent``; make what isn't there.

    Raises NoSuchItem, Refused (``title``, ``depth``, ``too_many_folders``).
    """
    contents = opened.contents()
    if parent != c.TOP and contents.is_binned(contents.folder(parent)):
        raise NoSuchItem(parent)
    titles = [c.clean_title(name) for name in names]
    depth, count = len(contents.path(parent)), len(contents.folders)
    made: Folder | None = None
    for title in titles:
        found = None
        if made is None:
            found = next(
                (
                    folder
                    for folder in contents.folders_in(parent)
                    if folder.title == title and not folder.binned_at
                ),
                None,
            )
        depth += 1
        if found is None:
            if depth > c.MAX_DEPTH:
                raise Refused("depth")
            if count >= c.MAX_FOLDERS:
                raise Refused("too_many_folders")
            found = made = Folder(new_id(), title, parent, int(time.time()))
            c.put_folder(opened.vault, opened.space_id, opened.bundle, made)
            count += 1
        parent = found.id
    return parent
