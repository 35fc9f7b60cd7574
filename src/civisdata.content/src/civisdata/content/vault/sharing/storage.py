"""Where a vault keeps its shares: ciphertext, random ids, states and times.

Who shares with whom is in no clear attribute: the owner's space holds the share, the
other's space a letter that names it, and each has an id of its own.
"""

from BTrees.OOBTree import OOBTree
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.storage import count_waiting
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import Upload
from collections.abc import Callable
from collections.abc import Mapping
from persistent import Persistent
from ZODB.blob import Blob


_ATTRIBUTE = "_civisdata_sharing"

#: States of a share: nobody has answered; taken; refused, or given back later by the
#: recipient; ended by its owner or by itself.
OFFERED, ACCEPTED, REFUSED, LEFT, ENDED = (
    "offered",
    "accepted",
    "refused",
    "left",
    "ended",
)
LIVE = (OFFERED, ACCEPTED)
#: PDFs of office files that are kept of one share (30 MB each at most).
MAX_PREVIEWS = 20


class Share(Persistent):
    """One item shared with one person; see ``parts`` for what the boxes hold.

    ``own`` is a box under the owner's vault key; ``head``, ``entries`` (by id of
    document) and ``folders`` (by id) are boxes under the share's key. A document has an
    entry as long as its header has a stanza for the recipient.
    """

    # Shares of the former version have none.
    _previews: OOBTree | None = None

    def __init__(self, id: str, now: float):
        self.id = id
        self.state = OFFERED
        self.offered_at = int(now)
        self.answered_at = 0
        self.ended_at = 0
        self.own = b""
        self.head = b""
        self.entries = OOBTree()
        self.folders = OOBTree()

    @property
    def previews(self) -> Mapping[str, Blob]:
        """Sealed PDFs of shared office files, by document."""
        return {} if self._previews is None else self._previews

    def keep_preview(self, document_id: str, box: bytes) -> None:
        """Keep a sealed PDF; where there are many, others make room for it."""
        if self._previews is None:
            self._previews = OOBTree()
        self._previews[document_id] = Blob(box)
        for other in list(self._previews):
            if len(self._previews) <= MAX_PREVIEWS:
                break
            if other != document_id:
                del self._previews[other]

    def forget(self, document_id: str) -> None:
        """Drop a document's entry, and what is kept beside it."""
        self.entries.pop(document_id, None)
        if document_id in self.previews:
            del self._previews[document_id]

    def empty(self) -> None:
        """Drop all entries, folders and previews."""
        self.entries.clear()
        self.folders.clear()
        self._previews = None


class Arrival(Persistent):
    """A document that a recipient added, until the owner's next opening.

    ``letter`` holds its metadata, sealed to the owner and the folder's recipients.
    """

    def __init__(self, document: VaultDocument, letter: bytes):
        self.document = document
        self.letter = letter


class SharedUpload(Upload):
    """What a recipient is adding: it lies with the owner, and goes with the share.

    Its box is sealed with the key of ``share``.
    """

    share = ""


class Rekey(Persistent):
    """A payload that is being sealed anew; ``box`` holds its key and nonce."""

    def __init__(self, id: str, size: int, piece_size: int):
        self.id = id
        self.size = size
        self.piece_size = piece_size
        self.received = 0
        self.parts: tuple[Blob, ...] = ()
        self.box = b""


class Sharing(Persistent):
    """Shares given and received, arrivals, and payloads to be sealed anew."""

    #: Whether others may offer shares to this citizen.
    welcome = True
    #: When this citizen was last told of an offer by mail; seconds since 1970.
    told_at = 0.0
    #: Offers of the last day: when, and a hash of the name that only the owner makes.
    recent: tuple[tuple[float, bytes], ...] = ()
    # Vaults of the former version have none.
    _uploads: OOBTree | None = None

    def __init__(self):
        self.given = OOBTree()
        self.received = OOBTree()
        self.arrivals = OOBTree()
        self.rekeys = OOBTree()

    def share(self, share_id: str) -> Share:
        """Give a share of this vault; NoSuchItem."""
        share = self.given.get(share_id)
        if share is None:
            raise NoSuchItem(share_id)
        return share

    @property
    def uploads(self) -> Mapping[str, "SharedUpload"]:
        """What recipients are adding piece by piece, by id."""
        return {} if self._uploads is None else self._uploads

    def add_upload(self, upload: "SharedUpload") -> None:
        if self._uploads is None:
            self._uploads = OOBTree()
        self._uploads[upload.id] = upload

    def drop_upload(self, upload_id: str) -> None:
        """Let nothing of an upload remain; NoSuchItem."""
        if upload_id not in self.uploads:
            raise NoSuchItem(upload_id)
        self._uploads[upload_id].drop()
        del self._uploads[upload_id]

    def drop_uploads(self, wanted: Callable[["SharedUpload"], bool]) -> int:
        """Let nothing remain of uploads that ``wanted`` says yes to; give how many."""
        dropped = [upload.id for upload in self.uploads.values() if wanted(upload)]
        for upload_id in dropped:
            self.drop_upload(upload_id)
        return len(dropped)

    @property
    def awaited(self) -> int:
        """Bytes of clear text of the arrivals, and of what is being added."""
        arrived = sum(item.document.clear_size for item in self.arrivals.values())
        return arrived + sum(upload.size for upload in self.uploads.values())

    def deliver(self, letter: bytes) -> str:
        """Keep a letter about a share that was offered; give its id here."""
        received_id = new_id()
        self.received[received_id] = letter
        return received_id


def sharing_of(vault: Vault) -> Sharing:
    """Give what a vault shares; an empty one, not kept, where there is none yet."""
    sharing = getattr(vault, _ATTRIBUTE, None)
    return Sharing() if sharing is None else sharing


def ensure_sharing(vault: Vault) -> Sharing:
    """Give what a vault shares, made where there is none yet (this writes)."""
    sharing = getattr(vault, _ATTRIBUTE, None)
    if sharing is None:
        sharing = Sharing()
        setattr(vault, _ATTRIBUTE, sharing)
    return sharing


def waiting_bytes(space) -> int:
    """Give the bytes of clear text that recipients added and nobody has filed yet."""
    return sharing_of(get_vault(space)).awaited


count_waiting(waiting_bytes)


def empty_sharing(vault: Vault) -> None:
    """Drop all shares, given and received, the boxes and headers first."""
    sharing = getattr(vault, _ATTRIBUTE, None)
    if sharing is None:
        return
    for share in sharing.given.values():
        share.state, share.own, share.head = ENDED, b"", b""
        share.empty()
    sharing.drop_uploads(lambda upload: True)
    for arrival in sharing.arrivals.values():
        arrival.letter, arrival.document.header = b"", b""
        arrival.document.parts = ()
    delattr(vault, _ATTRIBUTE)
