"""Batches: many documents for many citizens, in two steps.

The dry run seals each file that can be delivered straight to its citizen: what waits for
the confirmation is ciphertext that the server can't open, without names or titles. The
report itself is shown once and not stored. Confirming signs each line and puts it into
its space, in a transaction of its own: a line is done exactly once, whatever stops the
work in between. A batch that nobody confirms is erased after a day.
"""

from BTrees.IOBTree import IOBTree
from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.addresses import find_space
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.site_keys import site_secrets
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.deposits import receipts
from civisdata.content.vault.deposits.arrivals import Arrival
from civisdata.content.vault.deposits.batch_files import Archive
from civisdata.content.vault.deposits.batch_files import DAMAGED
from civisdata.content.vault.deposits.batch_lines import Row
from civisdata.content.vault.deposits.deliveries import all_deliveries
from civisdata.content.vault.deposits.deliveries import ensure_deliveries
from civisdata.content.vault.deposits.deliveries import get_deliveries
from civisdata.content.vault.deposits.depositing import accepts
from civisdata.content.vault.deposits.depositing import BATCH
from civisdata.content.vault.deposits.depositing import deliver
from civisdata.content.vault.deposits.depositing import keyed_hash
from civisdata.content.vault.deposits.depositing import NotAccepted
from civisdata.content.vault.deposits.depositing import Paper
from civisdata.content.vault.deposits.depositing import prepare
from civisdata.content.vault.deposits.depositing import Prepared
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.uploads import Limits
from collections.abc import Callable
from collections.abc import Sequence
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from dataclasses import dataclass
from dataclasses import field
from persistent import Persistent
from typing import Any
from ZODB.POSException import ConflictError
import json
import secrets
import transaction


#: States of a line. Refusals of a document itself have their own reason.
READY = "ready"
DELIVERED = "delivered"
NOT_DELIVERED = "not_delivered"
UNKNOWN = "unknown"
NOT_CONSENTING = "not_consenting"
NO_FILE = "no_file"
DUPLICATE = "duplicate"
ALREADY = "already"
INCOMPLETE = "incomplete"
DAMAGED_FILE = "damaged"
TOO_MUCH = "too_much"

#: Seconds after which an unconfirmed batch is erased.
EXPIRES = 24 * 3600
#: Bytes of clear text that one batch has sealed: a file counts for each of its lines.
MAX_SEALED = 4 * 10**9
_TRIES = 5
_SAVEPOINT = 50


class NoSuchBatch(KeyError):
    """There is no such batch of this publisher, or it was erased."""


class Line(Persistent):
    """One line that can be delivered, or was."""

    def __init__(
        self, number: int, space_id: str, prepared: Prepared, sender_id: str
    ) -> None:
        self.number = number
        self.state = READY
        self.space_id = space_id
        self.sender_id = sender_id
        self.arrival: Arrival | None = prepared.arrival
        self.commitments = prepared.commitments
        #: What opens the receipt, under the key that only the agent has.
        self.opening = b""
        self.receipt: dict[str, Any] | None = None
        self.receipt_signature = b""

    def close(self, state: str) -> None:
        """Say what became of it; whose it was, and its ciphertext, are forgotten."""
        self.state = state
        self.arrival, self.space_id, self.sender_id = None, "", ""


class Batch(Persistent):
    """A batch; ``lines`` by their number in the table. Nothing in clear."""

    confirmed_at = 0.0
    #: Kept on the batch itself, so that who confirms and who erases it at the same
    #: moment write the same object: the second of them meets a conflict.
    erased = False

    def __init__(self, publisher_id: str, by: str) -> None:
        self.id = new_id()
        self.publisher_id = publisher_id
        self.by = by
        self.created_at = clock.now()
        self.lines = IOBTree()

    def counted(self, state: str) -> int:
        return sum(line.state == state for line in self.lines.values())

    @property
    def is_done(self) -> bool:
        return bool(self.confirmed_at) and not self.counted(READY)

    def erase(self) -> None:
        self.erased = True
        for line in self.lines.values():
            if line.arrival is not None:
                line.arrival.header = line.arrival.metadata = b""
                line.arrival.parts = ()
            line.close(NOT_DELIVERED)
        self.lines.clear()


@dataclass(frozen=True)
class Checked:
    """What the dry run found for a line."""

    row: Row
    state: str


@dataclass(frozen=True)
class Report:
    """The outcome of a dry run; ``key`` (hexadecimal) is for the agent alone."""

    batch: Batch
    key: str
    lines: tuple[Checked, ...]
    unused: tuple[str, ...]

    def counted(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)


@dataclass
class Promised:
    """Bytes of the lines before: what was sealed, and what will lie in each space."""

    sealed: int = 0
    by_space: dict[str, int] = field(default_factory=dict)


def dry_run(
    site,
    publisher: Publisher,
    rows: Sequence[Row],
    archive: Archive,
    *,
    by: str,
    limits: Limits,
    may_know: Callable[[Any], bool],
) -> Report:
    """Check all lines and seal what can be delivered; nothing is delivered yet.

    ``may_know(space)``: whether the agent may see the registration. Of anybody else
    it isn't told whether they have a space at all.
    """
    purge(site, publisher.id)
    batch, key = Batch(publisher.id, by), secrets.token_bytes(32)
    checked, seen, promised = [], set(), Promised()
    for row in rows:
        state = _check(
            site, publisher, row, archive, batch, key, limits, may_know, seen, promised
        )
        checked.append(Checked(row, state))
        if not len(batch.lines) % _SAVEPOINT and state == READY:
            ensure_deliveries(site, publisher.id).batches[batch.id] = batch
            # Lets go of what is sealed already.
            transaction.savepoint(optimistic=True)
    if batch.lines:
        ensure_deliveries(site, publisher.id).batches[batch.id] = batch
    return Report(batch, key.hex(), tuple(checked), tuple(archive.unused()))


def _check(
    site,
    publisher: Publisher,
    row: Row,
    archive: Archive,
    batch: Batch,
    key: bytes,
    limits: Limits,
    may_know,
    seen: set,
    promised: "Promised",
) -> str:
    """Give the state of a line; one that is ready is added to the batch."""
    if not row.recipient or not row.file:
        return INCOMPLETE
    entry = archive.find(row.file)
    space = find_space(site, row.recipient)
    if not accepts(space, publisher):
        known = space is not None and may_know(space) and _is_active(space)
        return NOT_CONSENTING if known else UNKNOWN
    if entry is None:
        return NO_FILE
    space_id = space.getId()
    if (space_id, entry.filename) in seen:
        return DUPLICATE
    seen.add((space_id, entry.filename))
    if entry.file_size > limits.max_document:
        return "too_big"
    if promised.sealed + entry.file_size > MAX_SEALED:
        return TOO_MUCH
    promised.sealed += entry.file_size
    before = promised.by_space.get(space_id, 0)
    left = Limits(limits.quota - before, limits.max_document)
    paper = Paper(entry.filename, row.title, row.category, row.message)
    try:
        with archive.open(entry) as stream:
            prepared = prepare(
                space,
                publisher,
                stream,
                paper,
                sender_id=None,
                channel=BATCH,
                limits=left,
            )
    except Refused as error:
        return error.reason
    except NotAccepted:
        return UNKNOWN
    except DAMAGED:
        return DAMAGED_FILE
    sender_id = _sender_id(publisher.id, space_id, prepared.sha256)
    if get_deliveries(site, publisher.id).get(sender_id) is not None:
        return ALREADY
    line = Line(row.number, space_id, prepared, sender_id)
    line.opening = _seal_opening(key, row.number, prepared, space.login)
    batch.lines[row.number] = line
    promised.by_space[space_id] = before + prepared.arrival.size
    return READY


def _is_active(space) -> bool:
    account = get_account(space)
    return account is not None and account.activated is not None


def _sender_id(publisher_id: str, space_id: str, sha256: str) -> str:
    """The same document for the same person from the same publisher has one id."""
    first = site_secrets()[0]
    return "batch:" + keyed_hash(first, publisher_id, space_id, sha256).hex()


def _seal_opening(key: bytes, number: int, prepared: Prepared, login: str) -> bytes:
    values = {
        "salt": prepared.salt.hex(),
        "document": prepared.sha256,
        "recipient": login,
    }
    # The key is new for each batch, the number for each line.
    nonce = number.to_bytes(12, "big")
    return ChaCha20Poly1305(key).encrypt(nonce, json.dumps(values).encode(), None)


def get_batch(site, publisher_id: str, batch_id: str) -> Batch:
    """Give a publisher's batch; NoSuchBatch."""
    batch = get_deliveries(site, publisher_id).batches.get(batch_id)
    if batch is None or is_stale(batch):
        raise NoSuchBatch(batch_id)
    return batch


def is_stale(batch: Batch) -> bool:
    return not batch.confirmed_at and clock.now() - batch.created_at > EXPIRES


def confirm(batch: Batch) -> None:
    """Let a batch be delivered; once more does nothing. NoSuchBatch."""
    if batch.erased:
        raise NoSuchBatch(batch.id)
    if not batch.confirmed_at:
        batch.confirmed_at = clock.now()


def drop(site, batch: Batch) -> None:
    """Erase an unconfirmed batch; NoSuchBatch where it was confirmed."""
    if batch.confirmed_at or batch.erased:
        raise NoSuchBatch(batch.id)
    batch.erase()
    del ensure_deliveries(site, batch.publisher_id).batches[batch.id]


def purge(site, publisher_id: str | None = None) -> int:
    """Erase batches that nobody confirmed within a day; give how many."""
    count = 0
    for id, deliveries in all_deliveries(site).items():
        if publisher_id in (None, id):
            for batch in list(deliveries.batches.values()):
                if is_stale(batch):
                    drop(site, batch)
                    count += 1
    return count


def deliver_batch(
    site,
    publisher_id: str,
    batch_id: str,
    limits: Limits,
    progress: Callable[[int, int], None] = lambda done, total: None,
    at_most: int | None = None,
) -> bool:
    """Deliver what is left of a confirmed batch, each line in its own transaction.

    Can be stopped anywhere and called again. ``at_most`` lines; give whether all is
    done. NoSuchBatch; nothing happens while the batch isn't confirmed.
    """
    transaction.begin()
    batch = get_batch(site, publisher_id, batch_id)
    if not batch.confirmed_at:
        return False
    numbers = [n for n, line in batch.lines.items() if line.state == READY]
    total, done = len(batch.lines), len(batch.lines) - len(numbers)
    for number in numbers[:at_most]:
        _deliver_line(site, publisher_id, batch_id, number, limits)
        done += 1
        progress(done, total)
    return done == total


def _deliver_line(
    site, publisher_id: str, batch_id: str, number: int, limits: Limits
) -> None:
    for attempt in range(_TRIES):
        transaction.begin()
        try:
            batch = get_batch(site, publisher_id, batch_id)
            line = batch.lines[number]
            # Somebody else may have done it meanwhile.
            if line.state == READY:
                _do_line(site, publisher_id, batch, line, limits)
            transaction.commit()
            return
        except ConflictError:
            transaction.abort()
            if attempt == _TRIES - 1:
                raise
        except BaseException:
            transaction.abort()
            raise


def _do_line(site, publisher_id: str, batch: Batch, line: Line, limits: Limits) -> None:
    publisher = publishers(site).get(publisher_id)
    space = get_spaces(site).get_space(line.space_id)
    arrival, before = line.arrival, get_deliveries(site, publisher_id)
    if before.get(line.sender_id) is not None:
        line.close(ALREADY)
        return
    try:
        if publisher is None:
            raise NotAccepted
        delivery = deliver(
            site,
            space,
            publisher,
            arrival,
            line.commitments,
            sender_id=line.sender_id,
            channel=BATCH,
            by=batch.by,
            limits=limits,
        )
    except NotAccepted:
        arrival.header = arrival.metadata = b""
        arrival.parts = ()
        line.close(NOT_DELIVERED)
        return
    line.receipt, line.receipt_signature = delivery.receipt, delivery.signature
    line.close(DELIVERED)


def receipts_of(batch: Batch, key: str) -> list[tuple[int, dict[str, Any]]]:
    """Give line numbers and whole receipts of what was delivered; ValueError.

    ``key`` is the one that the dry run gave.
    """
    cipher, found = ChaCha20Poly1305(bytes.fromhex(key)), []
    for line in batch.lines.values():
        if line.state != DELIVERED:
            continue
        nonce = line.number.to_bytes(12, "big")
        try:
            opening = json.loads(cipher.decrypt(nonce, line.opening, None))
        except InvalidTag:
            raise ValueError("another batch's key") from None
        salt = bytes.fromhex(opening.pop("salt"))
        receipt = receipts.whole(line.receipt, line.receipt_signature, salt, **opening)
        found.append((line.number, receipt))
    return found
