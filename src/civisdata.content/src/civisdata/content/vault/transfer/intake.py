"""An archive coming in: sealed piece by piece as it arrives, read back at any place.

It lies beside the vault, sealed like a document but listed nowhere, until all of it was
imported or a day has passed without anything being done with it. Whatever it is itself
(a ZIP or an age file), it is in clear on no disk.
"""

from base64 import b64decode
from base64 import b64encode
from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.agefile import sealed_size
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.errors import WrongOffset
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import PartsReader
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sealing import seal_stream
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.transfer.store import ensure_transfers
from civisdata.content.vault.transfer.store import get_transfers
from civisdata.content.vault.transfer.store import Intake
from collections.abc import Iterator
from typing import Any
from typing import BinaryIO
from ZODB.blob import Blob
import io


#: Seconds after which an archive that nobody goes on with is dropped.
EXPIRES = 24 * 3600
#: What an archive may have besides the documents it holds: names, manifest, seals.
OVERHEAD = 64 * 1024 * 1024
PURPOSE = "archive"

#: How far an archive is (``phase`` of its state).
RECEIVING = "receiving"
RECEIVED = "received"
VERIFYING = "verifying"
READY = "ready"
IMPORTING = "importing"
DONE = "done"
REFUSED = "refused"


def current_intake(space) -> Intake | None:
    """Give the archive that is coming in, None where there is none (or it expired)."""
    intake = get_transfers(space).intake
    if intake is None or intake.touched_at < clock.now() - EXPIRES:
        return None
    return intake


def start_intake(
    space,
    bundle: KeyBundle,
    *,
    name: str,
    size: int,
    quota: int,
    piece_size: int = PIECE,
) -> Intake:
    """Begin with an archive of ``size`` bytes; a former one is dropped.

    Refused (``empty``, ``quota``) before anything is read.
    """
    if size <= 0:
        raise Refused("empty")
    if size > quota + OVERHEAD:
        raise Refused("quota")
    if piece_size % CHUNK:
        raise ValueError("a piece has whole chunks")
    drop_intake(space)
    intake = Intake(new_id(), size, piece_size, clock.now())
    state = {
        "phase": RECEIVING,
        "name": name[:255],
        "file_key": b64encode(new_file_key()).decode(),
        "nonce": b64encode(new_nonce()).decode(),
    }
    save_state(space, bundle, intake, state)
    ensure_transfers(space).intake = intake
    return intake


def need_intake(space, intake_id: str | None = None) -> Intake:
    """Give the archive that is coming in, of this id if given; NoSuchItem."""
    intake = current_intake(space)
    if intake is None or intake_id not in (None, intake.id):
        raise NoSuchItem(intake_id or "")
    return intake


def drop_intake(space) -> None:
    """Give up the archive that is coming in, if there is one; its key first."""
    transfers = get_transfers(space)
    if transfers.intake is not None:
        transfers.intake.box = b""
        transfers.intake.drop_bytes()
        transfers.intake = None


def purge_intake(space, now: float | None = None) -> bool:
    """Drop an archive that nobody went on with for a day; say whether there was one."""
    intake = get_transfers(space).intake
    limit = (clock.now() if now is None else now) - EXPIRES
    stale = intake is not None and intake.touched_at < limit
    if stale:
        drop_intake(space)
    return stale


def load_state(space, bundle: KeyBundle, intake: Intake) -> dict[str, Any]:
    """Open what is known of an archive; IntegrityError."""
    return BoxKey(bundle.vault_key).open(
        intake.box, space_id=space.getId(), item_id=intake.id, purpose=PURPOSE
    )


def save_state(space, bundle: KeyBundle, intake: Intake, state: dict[str, Any]) -> None:
    intake.box = BoxKey(bundle.vault_key).seal(
        state, space_id=space.getId(), item_id=intake.id, purpose=PURPOSE
    )
    intake.touched_at = clock.now()


def add_piece(
    space, bundle: KeyBundle, intake: Intake, offset: int, stream: BinaryIO
) -> int:
    """Seal the next piece as it is read; give how much has come in.

    A piece has ``piece_size`` bytes, the last one what is left. WrongOffset, Refused
    (``short``, ``long``); the caller then aborts its transaction.
    """
    state = load_state(space, bundle, intake)
    if offset != intake.received or state["phase"] != RECEIVING:
        raise WrongOffset(intake.received)
    length = min(intake.piece_size, intake.size - offset)
    final = offset + length == intake.size
    nonce, key = b64decode(state["nonce"]), b64decode(state["file_key"])
    blob = Blob()
    with blob.open("w") as sealed:
        seal_stream(stream, sealed, key, nonce, offset, length, final)
    intake.parts += (blob,)
    intake.received += length
    if final:
        state["phase"] = RECEIVED
    save_state(space, bundle, intake, state)
    return intake.received


def open_bytes(intake: Intake, state: dict[str, Any], opener=open_part) -> "SealedFile":
    """Give a whole archive as a file to read; IntegrityError."""
    parts = PartsReader(intake.parts, intake.piece_size, opener)
    payload = PayloadReader(
        b64decode(state["file_key"]), sealed_size(intake.size), parts.read_at
    )
    return SealedFile(payload, parts.close)


class SealedFile(io.RawIOBase):
    """An age payload as a file: chunks are opened as they are read, and dropped."""

    def __init__(self, payload: PayloadReader, on_close=lambda: None):
        self._payload = payload
        self._on_close = on_close
        self._place = 0
        self.size = payload.clear_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}
        place = base[whence] + offset
        if place < 0:
            raise ValueError("before the beginning")
        self._place = place
        return place

    def readinto(self, buffer) -> int:
        data = self.read_at(self._place, len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Give ``length`` bytes from ``offset`` on, fewer at the end."""
        return b"".join(self._payload.read(offset, offset + length))

    def stream(self, start: int, stop: int) -> Iterator[bytes]:
        """Give these bytes in batches of at most 1 MiB."""
        return self._payload.read(start, stop)

    def close(self) -> None:
        if not self.closed:
            self._on_close()
        super().close()
