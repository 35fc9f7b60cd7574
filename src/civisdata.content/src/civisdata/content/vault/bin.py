"""The bin, and what ends by itself.

An item in the bin keeps its place and, if it is a folder, all that lies in it. The day it
was put there is in its sealed box: only an opened vault knows it, so what is due is erased
when its citizen next comes. Documents in the bin count against the quota.
"""

from civisdata.content.vault import contents as c
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.documents import delete_document
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.filing import Opened
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from datetime import date
import time


#: Days after which what is in the bin is erased.
DAYS = 30
_DAY = 24 * 3600


@dataclass(frozen=True)
class Tidied:
    """How many items of the bin, and how many temporary documents, were erased.

    ``gone``: ids of all documents that were.
    """

    binned: int = 0
    ended: int = 0
    gone: tuple[str, ...] = field(default=(), compare=False)


def put_in_bin(
    opened: Opened, item_ids: Iterable[str], now: float | None = None
) -> int:
    """Put documents and folders into the bin; give how many weren't there yet.

    NoSuchItem, IntegrityError (an item that doesn't open can only be erased).
    """
    when, count = int(time.time() if now is None else now), 0
    for item_id in dict.fromkeys(item_ids):
        if not opened.item(item_id).binned_at:
            opened.keep(item_id, binned_at=when)
            count += 1
    return count


def restore(opened: Opened, item_ids: Iterable[str]) -> int:
    """Take items out of the bin: to their place, or to the top where that is gone.

    A place that is itself in the bin counts as gone. NoSuchItem, IntegrityError.
    """
    count, contents = 0, opened.contents()
    for item_id in dict.fromkeys(item_ids):
        item = opened.item(item_id)
        if not contents.is_binned(item):
            continue
        field = "parent" if isinstance(item, Folder) else "folder"
        place = contents.place_of(getattr(item, field))
        if place != c.TOP and contents.is_binned(contents.folder(place)):
            place = c.TOP
        kept = opened.keep(item_id, binned_at=0, **{field: place})
        # What comes after it may lie in it.
        if isinstance(kept, Folder):
            contents.folders[item_id] = kept
        count += 1
    return count


def binned(contents: Contents) -> dict[str, Folder | Metadata]:
    """Give what was put into the bin, the latest first, without what lies in it."""
    items = {**contents.folders, **contents.documents}
    found = [(id, item) for id, item in items.items() if item.binned_at]
    return dict(sorted(found, key=lambda pair: -pair[1].binned_at))


def erased_on(item: Folder | Metadata) -> date:
    """The day from which on an item of the bin is erased."""
    return date.fromtimestamp(item.binned_at + DAYS * _DAY)


def within(contents: Contents, folder_id: str) -> tuple[list[str], list[str]]:
    """Give ids of documents and folders of a folder at any depth, itself included."""
    folders = [folder.id for folder in contents.below(folder_id)]
    known = set(folders)
    return [
        id for id, item in contents.documents.items() if item.folder in known
    ], folders


def erase(opened: Opened, item_ids: Iterable[str]) -> list[str]:
    """Erase items of the bin for ever, folders with all that lies in them.

    Gives the ids of the documents that are gone. NoSuchItem; Refused("not_binned").
    """
    contents, gone = opened.contents(), []
    item_ids = list(dict.fromkeys(item_ids))
    for item_id in item_ids:
        if not contents.is_binned(opened.item(item_id)):
            raise Refused("not_binned")
    for item_id in item_ids:
        gone += _erase(opened, contents, item_id)
    return gone


def _erase(opened: Opened, contents: Contents, item_id: str) -> list[str]:
    documents, folders = [item_id], []
    if item_id in contents.folders:
        documents, folders = within(contents, item_id)
    gone = [one for one in documents if one in opened.vault.documents]
    for document_id in gone:
        delete_document(opened.vault, document_id)
    for folder_id in folders:
        if opened.is_folder(folder_id):
            opened.vault.remove_folder(folder_id)
    return gone


def empty_bin(opened: Opened) -> list[str]:
    """Erase all that is in the bin; give the ids of the documents that are gone."""
    return erase(opened, binned(opened.contents()))


def has_ended(item: Metadata, today: date) -> bool:
    """Say whether a temporary document's last day is over."""
    return bool(item.ends_on) and item.ends_on < today.isoformat()


def tidy(
    opened: Opened,
    contents: Contents,
    today: date | None = None,
    now: float | None = None,
) -> Tidied:
    """Erase what lay in the bin for 30 days and temporary documents that have ended.

    ``contents`` is of this vault; open it again where anything was erased.
    """
    now = time.time() if now is None else now
    today = today or date.fromtimestamp(now)
    ended = [id for id, item in contents.documents.items() if has_ended(item, today)]
    due = [
        id
        for id, item in binned(contents).items()
        if item.binned_at + DAYS * _DAY <= now
    ]
    gone = []
    for item_id in (*ended, *due):
        gone += _erase(opened, contents, item_id)
    return Tidied(len(due), len(ended), tuple(gone))
