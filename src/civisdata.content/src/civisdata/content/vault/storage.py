"""Where a space keeps its vault: persistent objects, ciphertext only."""

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.sidecars import Sidecars
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from persistent import Persistent
import secrets
import time


_ATTRIBUTE = "_civisdata_vault"
_waiting: list[Callable[..., int]] = []


def _bare(space):
    """Give a space without its surroundings, whether it has some or not."""
    return getattr(space, "aq_base", space)


def count_waiting(function: Callable[..., int]) -> None:
    """Count what a room keeps in a space until its citizen comes: bytes, by the space."""
    if function not in _waiting:
        _waiting.append(function)


class Vault(Persistent):
    """Documents, metadata boxes and uploads under way of one space.

    ``boxes`` maps a position (microseconds of storage, rising) to (document id, box):
    the boxes of neighbours lie together in the tree's buckets, and a page of a list
    loads a few records, not one for each document. ``folders`` maps a folder's id to its
    box; vaults of the first version have none before the first folder is made.
    ``preferences`` is the box of the citizen's own settings, empty before the first.
    """

    _folders: OOBTree | None = None
    # Vaults of the former version have none.
    _sidecars: Sidecars | None = None
    _count: Length | None = None
    preferences: bytes = b""
    #: The space it lies in; vaults of the former version learn it with their next change.
    _space = None
    _reserved = 0

    def __init__(self):
        self.documents = OOBTree()
        self.boxes = LOBTree()
        self.uploads = OOBTree()
        self._used = Length()
        self._count = Length()

    @property
    def count(self) -> int:
        """How many documents there are; told without looking at them."""
        return len(self.boxes) if self._count is None else self._count()

    def _counted(self, change: int) -> None:
        # Vaults of the former version didn't count.
        if self._count is None:
            self._count = Length(len(self.boxes))
        else:
            self._count.change(change)

    @property
    def used(self) -> int:
        """Bytes of clear text of all documents."""
        return self._used()

    @property
    def awaited(self) -> int:
        """Bytes announced by uploads under way."""
        return sum(upload.size for upload in self.uploads.values())

    @property
    def held(self) -> int:
        """Bytes that count against the quota: documents, uploads, and what waits.

        The one count for all that comes in, by whatever way.
        """
        space = self._space or getattr(self, "_v_space", None)
        waiting = 0 if space is None else sum(count(space) for count in _waiting)
        return self.used + self.awaited + waiting

    def reserve(self, size: int, quota: int) -> None:
        """Let ``size`` more bytes come in; Refused (``quota``).

        Writes the vault itself, so that of two that come in at the same moment the
        second meets a conflict, and is counted with the first.
        """
        if self.held + size > quota:
            raise Refused("quota")
        self._reserved += 1

    def lie_in(self, space) -> None:
        self._space = _bare(space)

    @property
    def folders(self) -> Mapping[str, bytes]:
        """Boxes of folders by id."""
        return {} if self._folders is None else self._folders

    def set_folder(self, folder_id: str, box: bytes) -> None:
        if self._folders is None:
            self._folders = OOBTree()
        self._folders[folder_id] = box

    def remove_folder(self, folder_id: str) -> None:
        """Drop a folder's box, not what lies in it; NoSuchItem."""
        if folder_id not in self.folders:
            raise NoSuchItem(folder_id)
        del self._folders[folder_id]

    def document(self, document_id: str) -> VaultDocument:
        """Give a document; NoSuchItem."""
        document = self.documents.get(document_id)
        if document is None:
            raise NoSuchItem(document_id)
        return document

    @property
    def sidecars(self) -> Sidecars:
        """Texts and previews; where there are none yet, empty ones that aren't kept."""
        if self._sidecars is None:
            return Sidecars(self.documents)
        return self._sidecars

    def ensure_sidecars(self) -> Sidecars:
        """Give texts and previews, made where there are none yet (this writes)."""
        if self._sidecars is None:
            self._sidecars = self.sidecars
        return self._sidecars

    def box(self, document: VaultDocument) -> bytes:
        return self.boxes[document.position][1]

    def set_box(self, document: VaultDocument, box: bytes) -> None:
        self.boxes[document.position] = (document.id, box)

    def add(self, document: VaultDocument, box: bytes) -> None:
        """Keep a document, at a position above all others, also if the clock goes back."""
        position = time.time_ns() // 1000
        if self.boxes:
            position = max(position, self.boxes.maxKey() + 1)
        document.position = position
        self.documents[document.id] = document
        self.set_box(document, box)
        self._used.change(document.clear_size)
        self._counted(1)
        self.ensure_sidecars().expect_text(document.id)

    def remove(self, document_id: str) -> None:
        """Drop the keys first, then the rest; NoSuchItem."""
        document = self.document(document_id)
        document.header = b""
        document.parts = ()
        if self._sidecars is not None:
            self._sidecars.forget(document_id)
        del self.boxes[document.position]
        del self.documents[document_id]
        self._used.change(-document.clear_size)
        self._counted(-1)

    def newest(self) -> Iterator[tuple[str, bytes]]:
        """Give ids of documents and their boxes, the newest first.

        The documents themselves aren't loaded from the database.
        """
        return reversed(self.boxes.values())

    def __len__(self) -> int:
        return len(self.boxes)

    def __bool__(self) -> bool:
        return True


def new_id() -> str:
    """Draw an id (128 bits) that says nothing and can't be guessed."""
    return secrets.token_hex(16)


def get_vault(space) -> Vault:
    """Give the vault of a space; an empty one, not kept, where there is none yet."""
    vault = getattr(_bare(space), _ATTRIBUTE, None)
    if vault is None:
        vault = Vault()
    if vault._space is None:
        vault._v_space = _bare(space)
    return vault


def ensure_vault(space) -> Vault:
    """Give the vault of a space, made where there is none yet (this writes)."""
    base = _bare(space)
    vault = getattr(base, _ATTRIBUTE, None)
    if vault is None:
        vault = Vault()
        setattr(base, _ATTRIBUTE, vault)
    if vault._space is None:
        vault.lie_in(base)
    return vault


def empty_vault(space) -> None:
    """Erase all documents and uploads of a space, their keys first."""
    vault = getattr(_bare(space), _ATTRIBUTE, None)
    if vault is None:
        return
    for document_id in list(vault.documents):
        vault.remove(document_id)
    for folder_id in list(vault.folders):
        vault.remove_folder(folder_id)
    for upload in vault.uploads.values():
        upload.drop()
    vault.uploads.clear()
    vault.preferences = b""
