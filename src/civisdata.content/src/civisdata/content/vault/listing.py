"""Lists of an opened vault: what lies in a folder, filtered and in an order."""

from civisdata.content.vault.bin import has_ended
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.documents import Metadata
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple
import re
import unicodedata


#: Columns that lists can be sorted by, and whether the greatest comes first at first.
SORTS = {
    "titre": False,
    "type": False,
    "taille": True,
    "date": True,
    "validite": False,
}
DEFAULT_SORT = "date"
_NUMBER = re.compile(r"\d+")


class Row(NamedTuple):
    """A line of a list; ``place`` is the folder that it lies in."""

    id: str
    item: Folder | Metadata
    place: str

    @property
    def is_folder(self) -> bool:
        return isinstance(self.item, Folder)


def sort_key(text: str) -> str:
    """Order words as people do: no matter the case, accents last, numbers by value.

    A number comes before letters, as its count of digits and its digits; what is equal
    but for case and accents is told apart by the text itself, after a character that no
    title has.
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(x for x in plain if not unicodedata.combining(x))
        plain = plain.replace("œ", "oe").replace("æ", "ae")
    return f"{_NUMBER.sub(_by_value, plain)}\0{text}"


def _by_value(number: re.Match) -> str:
    digits = str(int(number[0]))
    return f"\1{chr(len(digits))}{digits}"


def present(contents: Contents, today: date) -> Contents:
    """Give the contents without the bin and without what has ended."""
    binned = {
        folder.id for folder in contents.folders.values() if contents.is_binned(folder)
    }
    return Contents(
        {
            id: item
            for id, item in contents.documents.items()
            if not item.binned_at
            and item.folder not in binned
            and not has_ended(item, today)
        },
        {id: item for id, item in contents.folders.items() if id not in binned},
        contents.altered,
    )


def list_items(
    here: Contents,
    folder_id: str,
    *,
    sort: str = DEFAULT_SORT,
    descending: bool | None = None,
    category: str = "",
    favourites: bool = False,
    titles: Mapping[str, str] | None = None,
) -> list[Row]:
    """List a folder of ``present`` contents: its folders first, by name, then documents.

    With a filter: the documents that fit, in the folder and at any depth below it.
    ``titles`` are of types, for the sort by type.
    """
    if category or favourites:
        below = {folder.id for folder in here.below(folder_id)} if folder_id else None
        folders: list[Folder] = []
        documents = {
            id: item
            for id, item in here.documents.items()
            if (not category or item.category == category)
            and (not favourites or item.favourite)
            and (below is None or item.folder in below)
        }
    else:
        folders = here.folders_in(folder_id)
        documents = here.documents_in(folder_id)
    backwards = SORTS[sort] if descending is None else descending
    folders.sort(
        key=lambda folder: sort_key(folder.title),
        reverse=backwards if sort == "titre" else False,
    )
    rows = [Row(folder.id, folder, here.place_of(folder.parent)) for folder in folders]
    return rows + _sorted(here, documents, sort, backwards, titles or {})


def _sorted(
    here: Contents,
    documents: dict[str, Metadata],
    sort: str,
    backwards: bool,
    titles: Mapping[str, str],
) -> list[Row]:
    type_key = cache(lambda category: sort_key(titles.get(category, category)))
    keys = {
        "titre": lambda item: sort_key(item.title),
        "type": lambda item: type_key(item.category),
        "taille": lambda item: item.size,
        "date": lambda item: item.stored_at,
        "validite": lambda item: item.valid_until or item.ends_on,
    }
    key = keys[sort]
    rows = [Row(id, item, here.place_of(item.folder)) for id, item in documents.items()]
    # What has no date comes last, whichever the direction.
    last = [row for row in rows if sort == "validite" and not key(row.item)]
    rows = [row for row in rows if sort != "validite" or key(row.item)]
    if sort in ("titre", "date"):
        rows.sort(key=lambda row: key(row.item), reverse=backwards)
    else:
        rows.sort(key=lambda row: sort_key(row.item.title))
        rows.sort(key=lambda row: key(row.item), reverse=backwards)
    return rows + last
