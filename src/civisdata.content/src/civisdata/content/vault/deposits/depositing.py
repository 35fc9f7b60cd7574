"""Putting a document into a space: the one way for forms, batches and télé-services.

``prepare`` seals it to the citizen alone; ``deliver`` signs it and puts it there. Who
deposits gets a receipt, and can open nothing: the file key is dropped, nothing in clear
is kept. Whoever can't be delivered to is refused with one and the same answer.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import recipient_keys
from civisdata.content.citizens.consents import may_deposit
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.registrations import is_open
from civisdata.content.citizens.site_keys import note_key
from civisdata.content.citizens.site_keys import site_secrets
from civisdata.content.vault.deposits import receipts
from civisdata.content.vault.deposits.arrivals import Arrival
from civisdata.content.vault.deposits.arrivals import ensure_arrivals
from civisdata.content.vault.deposits.deliveries import Delivery
from civisdata.content.vault.deposits.deliveries import ensure_deliveries
from civisdata.content.vault.deposits.deliveries import get_deliveries
from civisdata.content.vault.deposits.journal_words import DEPOSITED
from civisdata.content.vault.deposits.letters import announce
from civisdata.content.vault.deposits.sealing import blocks
from civisdata.content.vault.deposits.sealing import seal_stream
from civisdata.content.vault.deposits.sealing import seal_values
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.names import clean_name
from civisdata.content.vault.names import title_of
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.settings import offered_categories
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.uploads import Limits
from dataclasses import dataclass
from typing import Any
from typing import BinaryIO
import hashlib
import hmac
import json
import secrets


AGENT = "agent"
BATCH = "batch"
SERVICE = "service"

#: Characters of a message to the citizen, and of a sender's own id.
MAX_MESSAGE = 1000
MAX_SENDER_ID = 200
_SALT_LABEL = b"civisdata deposit salt 1\n"


class NotAccepted(Exception):
    """It can't be delivered; why is the citizen's own business."""


class IdReused(Exception):
    """The sender's own id was used before, for another document or person."""


@dataclass(frozen=True)
class Paper:
    """What the depositor says of a document; ``checked`` makes it harmless."""

    name: str
    title: str = ""
    category: str = "administrative"
    message: str = ""

    def checked(self) -> "Paper":
        """Give it with a usable name and title; Refused."""
        name = clean_name(self.name)
        if self.category not in offered_categories():
            raise Refused("category")
        title = " ".join(
            "".join(c if c.isprintable() else " " for c in self.title).split()
        )
        message = "".join(
            c if c.isprintable() or c == "\n" else " "
            for c in self.message.replace("\r\n", "\n")
        ).strip()
        return Paper(
            name, title[:255] or title_of(name), self.category, message[:MAX_MESSAGE]
        )


@dataclass(frozen=True)
class Prepared:
    """A sealed document that nobody has signed yet, and what opens its receipt."""

    arrival: Arrival
    salt: bytes
    sha256: str
    commitments: dict[str, str]


@dataclass(frozen=True)
class Deposited:
    """The receipt for the depositor; ``created`` is False where it was there before."""

    receipt: dict[str, Any]
    created: bool


def accepts(space, publisher: Publisher) -> bool:
    """Say whether a publisher may put a document into a space now (None: never)."""
    if space is None or not publisher.active:
        return False
    account = get_account(space)
    return (
        may_deposit(space, publisher.id)
        and account is not None
        and account.activated is not None
        and not account.disabled
        and account.public is not None
        and is_open(space)
    )


def has_room(space, size: int, limits: Limits) -> bool:
    """Say whether ``size`` more bytes fit into a space."""
    return get_vault(space).held + size <= limits.quota


def keyed_hash(secret: bytes, *values: str) -> bytes:
    """Give 32 bytes that nobody makes from ``values`` without the secret."""
    data = json.dumps(values, separators=(",", ":")).encode()
    return hmac.digest(secret, _SALT_LABEL + data, hashlib.sha256)


def _commitments(salt: bytes, sha256: str, recipient: str, space) -> dict[str, str]:
    return {
        "document": receipts.commitment(salt, "document", sha256),
        "recipient": receipts.commitment(salt, "recipient", recipient),
        "space": receipts.commitment(salt, "space", space.getId()),
    }


def prepare(
    space,
    publisher: Publisher,
    stream: BinaryIO,
    paper: Paper,
    *,
    sender_id: str | None,
    channel: str,
    limits: Limits,
) -> Prepared:
    """Seal a document to the citizen of ``space``; Refused, NotAccepted (no room).

    With a ``sender_id``, who presents the same document again can be given the same
    receipt (see ``deposit``); without one, what opens the receipt is drawn by chance.
    """
    paper = paper.checked()
    public = get_account(space).public
    recipient = public.recipient
    sealed = seal_stream(recipient, paper.name, stream, limits.max_document)
    if not has_room(space, sealed.size, limits):
        raise NotAccepted
    if sender_id is None:
        salt = secrets.token_bytes(32)
    else:
        names = (publisher.id, sender_id, space.getId(), sealed.sha256)
        salt = keyed_hash(site_secrets()[-1], *names)
    metadata = seal_values(
        recipient,
        {
            "title": paper.title,
            "name": paper.name,
            "category": paper.category,
            "kind": sealed.kind,
            "size": sealed.size,
            "sha256": sealed.sha256,
            "message": paper.message,
            "publisher": publisher.id,
            "publisher_title": publisher.title,
            "publisher_by": publisher.by,
            "channel": channel,
            "recipient": space.login,
            "salt": salt.hex(),
        },
    )
    commitments = _commitments(salt, sealed.sha256, space.login, space)
    arrival = Arrival(new_id(), sealed, metadata, public.exchange)
    return Prepared(arrival, salt, sealed.sha256, commitments)


def deliver(
    site,
    space,
    publisher: Publisher,
    arrival: Arrival,
    commitments: dict[str, str],
    *,
    sender_id: str,
    channel: str,
    by: str,
    limits: Limits,
) -> Delivery:
    """Sign a prepared document, put it into the space and tell its citizen.

    NotAccepted where the citizen no longer agrees, has no room any more, or has new
    keys.
    """
    if not accepts(space, publisher) or not has_room(space, arrival.size, limits):
        raise NotAccepted
    if recipient_keys(space).exchange != arrival.sealed_to:
        raise NotAccepted
    key, now = note_key(site, publisher), clock.now()
    record = DocumentRecord(
        document_id=arrival.id,
        owner_id=space.getId(),
        header_sha256=hashlib.sha256(arrival.header).hexdigest(),
        payload_sha256=arrival.payload_sha256,
        size=arrival.payload_size,
        stored_at=int(now),
        signer=key.public.hex(),
    )
    arrival.record = record.to_dict()
    arrival.record_signature = sign(record, key.private)
    arrival.receipt = receipts.make_payload(
        receipt=new_id(),
        publisher=publisher.id,
        name=publisher.title,
        channel=channel,
        at=now,
        commitments=commitments,
        payload_sha256=arrival.payload_sha256,
        metadata_sha256=hashlib.sha256(arrival.metadata).hexdigest(),
        key=key,
    )
    arrival.receipt_signature = receipts.sign_payload(arrival.receipt, key)
    ensure_vault(space).reserve(arrival.size, limits.quota)
    ensure_arrivals(space).add(arrival)
    delivery = Delivery(arrival.receipt, arrival.receipt_signature, by)
    ensure_deliveries(site, publisher.id).add(sender_id, delivery)
    note(space, DEPOSITED, item=arrival.id, actor=f"administration:{publisher.id}")
    announce(site, space)
    return delivery


def deposit(
    site,
    space,
    publisher: Publisher,
    stream: BinaryIO,
    paper: Paper,
    *,
    sender_id: str,
    channel: str,
    by: str,
    limits: Limits,
    size: int | None = None,
) -> Deposited:
    """Put a document into a space (None: nobody's) in the running transaction.

    The same ``sender_id`` again, with the same document for the same person, gives the
    same receipt; IdReused with another. ``size``, where it is known, lets refuse before
    anything is read. Raises NotAccepted, Refused (the document itself).
    """
    if not sender_id or len(sender_id) > MAX_SENDER_ID:
        raise ValueError("a sender's id has 1 to 200 characters")
    before = get_deliveries(site, publisher.id).get(sender_id)
    if before is not None:
        return Deposited(_again(before, space, publisher, stream, sender_id), False)
    if not accepts(space, publisher):
        raise NotAccepted
    if size is not None and size > limits.max_document:
        raise Refused("too_big")
    if size is not None and not has_room(space, size, limits):
        raise NotAccepted
    prepared = prepare(
        space,
        publisher,
        stream,
        paper,
        sender_id=sender_id,
        channel=channel,
        limits=limits,
    )
    delivery = deliver(
        site,
        space,
        publisher,
        prepared.arrival,
        prepared.commitments,
        sender_id=sender_id,
        channel=channel,
        by=by,
        limits=limits,
    )
    return Deposited(
        receipts.whole(
            delivery.receipt,
            delivery.signature,
            prepared.salt,
            document=prepared.sha256,
            recipient=space.login,
        ),
        True,
    )


def _again(
    delivery: Delivery, space, publisher: Publisher, stream: BinaryIO, sender_id: str
) -> dict[str, Any]:
    """Give the receipt of a delivery to who presents the same document; IdReused.

    Nobody's name takes the time of somebody's: else it would tell who is registered.
    """
    clear = hashlib.sha256()
    for block in blocks(stream):
        clear.update(block)
    sha256 = clear.hexdigest()
    if space is None:
        raise IdReused
    for secret in site_secrets():
        salt = keyed_hash(secret, publisher.id, sender_id, space.getId(), sha256)
        found = receipts.commitment(salt, "document", sha256)
        if hmac.compare_digest(found, delivery.receipt["document"]):
            return receipts.whole(
                delivery.receipt,
                delivery.signature,
                salt,
                document=sha256,
                recipient=space.login,
            )
    raise IdReused
