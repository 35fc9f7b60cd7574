"""Names in an archive: every system can unpack them, and none lies outside.

Titles are kept whole in the manifest; here they lose what file systems refuse.
"""

from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.names import split_extension
from dataclasses import dataclass
from dataclasses import field
import re
import unicodedata


DOCUMENTS = "documents"
BIN = "corbeille"
#: Characters of a file's name, and of all folders above it together (Windows has 260).
MAX_NAME = 80
MAX_FOLDERS = 150
_SHORTEST = 6
_REFUSED = re.compile(r'[/\\:*?"<>|]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@dataclass(frozen=True)
class Layout:
    """Paths in the archive by id, ``/`` between steps, none at the ends."""

    folders: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)


def safe_name(name: str, longest: int = MAX_NAME) -> str:
    """Give one step of a path that Windows, macOS and Linux can store."""
    name = _REFUSED.sub("-", unicodedata.normalize("NFC", name))
    name = "".join(
        " " if character.isspace() else character
        for character in name
        if character.isspace() or unicodedata.category(character) not in _HIDDEN
    )
    stem, extension = split_extension(" ".join(name.split()).strip(". "))
    tail = f".{extension}" if extension else ""
    stem = _fit(stem, longest - len(tail), 200 - len(tail.encode())).strip(". ")
    # Windows looks at what stands before the first dot.
    if _RESERVED.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    return (stem or "_") + tail


def _fit(text: str, characters: int, size: int) -> str:
    """Cut after so many characters and bytes."""
    return text[:characters].encode()[:size].decode(errors="ignore")


def unique(name: str, taken: set[str]) -> str:
    """Give ``name`` or a numbered one that isn't taken, and take it; case is ignored."""
    stem, extension = split_extension(name)
    tail = f".{extension}" if extension else ""
    number, found = 1, name
    while _folded(found) in taken:
        number += 1
        found = f"{stem} ({number}){tail}"
    taken.add(_folded(found))
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def lay_out(contents: Contents) -> Layout:
    """Give each folder and document its path, the same for the same contents."""
    layout = Layout()
    taken: dict[str, set[str]] = {}
    steps = _folder_steps(contents, taken)
    for folder_id, step in steps.items():
        root = BIN if contents.is_binned(contents.folders[folder_id]) else DOCUMENTS
        layout.folders[folder_id] = f"{root}/{step}"
    for document_id, metadata in sorted(contents.documents.items(), key=_by_age):
        parent = contents.place_of(metadata.folder)
        name = unique(safe_name(metadata.name), taken.setdefault(parent, set()))
        root = BIN if contents.is_binned(metadata) else DOCUMENTS
        above = f"{steps[parent]}/" if parent in steps else ""
        layout.documents[document_id] = f"{root}/{above}{name}"
    return layout


def _by_age(row: tuple[str, Metadata]):
    return row[1].stored_at, row[0]


def _folder_steps(contents: Contents, taken: dict[str, set[str]]) -> dict[str, str]:
    """Give the folders' paths below the root, the upper ones first."""
    children: dict[str, list[Folder]] = {}
    for folder in contents.folders.values():
        children.setdefault(contents.place_of(folder.parent), []).append(folder)
    deepest = max((len(contents.path(id)) for id in contents.folders), default=1)
    longest = max(_SHORTEST, min(MAX_NAME, MAX_FOLDERS // deepest - 1))
    steps: dict[str, str] = {}

    def walk(parent: str) -> None:
        waiting = [(folder, parent) for folder in children.get(parent, ())]
        while waiting:
            folder, above = waiting.pop(0)
            if folder.id in steps:
                continue
            # An extension means nothing to a folder, but a cut must not make one.
            name = safe_name(folder.title, longest)
            name = unique(name, taken.setdefault(above, set()))
            steps[folder.id] = f"{steps[above]}/{name}" if above in steps else name
            waiting += [(child, folder.id) for child in children.get(folder.id, ())]

    walk(TOP)
    # Folders that lie in each other in a circle: the first one found counts as the top.
    for folder in contents.folders.values():
        if folder.id not in steps:
            name = unique(
                safe_name(folder.title, longest), taken.setdefault(TOP, set())
            )
            steps[folder.id] = name
            walk(folder.id)
    return steps
