"""The citizen's side: give a copy, decline, stop, and see who has read it.

What is given is a copy: a new age file to the publisher's key alone, with a payload of
its own. Nobody gets a key to the citizen's document, and to end access is to erase the
copy.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.agefile import seal_header
from civisdata.content.vault.agefile import sealed_size
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.requests.asking import Answer
from civisdata.content.vault.requests.asking import MAX_TEXT
from civisdata.content.vault.requests.asking import read_question
from civisdata.content.vault.requests.life import end
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.publisher_key import publisher_recipient
from civisdata.content.vault.requests.storage import DECLINED
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import Request
from civisdata.content.vault.requests.storage import WAITING
from civisdata.content.vault.sealed import open_letter
from civisdata.content.vault.sealed import seal_letter
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.stored import hash_stored
from dataclasses import asdict
from ZODB.blob import Blob
import hashlib


#: The largest document of which a copy can be given.
MAX_COPY = 200 * 10**6


def _need_waiting(space, request: Request) -> None:
    if request.state != WAITING or is_over(space.__parent__, request):
        raise NoSuchItem(request.id)


def give(space, bundle: KeyBundle, request: Request, document_id: str) -> None:
    """Give a copy of a document; NoSuchItem, Refused (``too_big``), IntegrityError."""
    _need_waiting(space, request)
    vault, space_id = get_vault(space), space.getId()
    question = read_question(request, bundle.identity)
    document = vault.document(document_id)
    if document.clear_size > MAX_COPY:
        raise Refused("too_big")
    file_key, nonce, parts = new_file_key(), new_nonce(), []
    with open_document(vault, space_id, document, bundle) as opened:
        metadata = opened.metadata
        for start in range(0, opened.size, PIECE):
            blob, stop = Blob(), min(start + PIECE, opened.size)
            sealer = PayloadSealer(file_key, nonce, start // CHUNK)
            with blob.open("w") as sealed:
                if not start:
                    sealed.write(nonce)
                for data in opened.read(start, stop):
                    sealed.write(sealer.update(data))
                sealed.write(sealer.finish(stop == opened.size))
            parts.append(blob)
    payload_sha256, clear_sha256 = hash_stored(parts, PIECE, metadata.size, file_key)
    if clear_sha256 != metadata.sha256:
        raise IntegrityError("the copy isn't the document")
    publisher = publisher_recipient(request.publisher)
    # Not those of the question, where the citizen got new keys meanwhile.
    request.signer = bundle.public.signing.hex()
    request.document = _signed(
        space_id,
        bundle,
        request.id,
        metadata.size,
        parts,
        payload_sha256,
        seal_header(file_key, [publisher]),
    )
    answer = Answer(
        title=metadata.title,
        name=metadata.name,
        kind=metadata.kind,
        size=metadata.size,
        sha256=metadata.sha256,
        stored_at=metadata.stored_at,
    )
    _answer(request, bundle, answer, GIVEN)
    request.until = request.answered_at + question.days * 86400


def _signed(
    space_id: str,
    bundle: KeyBundle,
    document_id: str,
    size: int,
    parts: list[Blob],
    payload_sha256: str,
    header: bytes,
) -> VaultDocument:
    record = DocumentRecord(
        document_id=document_id,
        owner_id=space_id,
        header_sha256=hashlib.sha256(header).hexdigest(),
        payload_sha256=payload_sha256,
        size=sealed_size(size),
        stored_at=int(clock.now()),
        signer=bundle.public.signing.hex(),
    )
    return VaultDocument(
        document_id,
        header=header,
        parts=tuple(parts),
        piece_size=PIECE,
        record=record.to_dict(),
        signature=sign(record, bundle.signing_key),
    )


def _answer(request: Request, bundle: KeyBundle, answer: Answer, state: str) -> None:
    request.answer = seal_letter(
        {"id": request.id, **asdict(answer)},
        [publisher_recipient(request.publisher), bundle.recipient],
    )
    request.answered_at = int(clock.now())
    request.state = state


def decline(space, bundle: KeyBundle, request: Request, reason: str) -> None:
    """Say no, with a reason or without; NoSuchItem, Refused (``reason``)."""
    _need_waiting(space, request)
    if len(reason) > MAX_TEXT:
        raise Refused("reason")
    _answer(request, bundle, Answer(reason=reason), DECLINED)


def stop(request: Request) -> None:
    """End access to what was given, or a request that waits; NoSuchItem."""
    if request.state not in (WAITING, GIVEN):
        raise NoSuchItem(request.id)
    end(request)


def accesses(request: Request, bundle: KeyBundle) -> list[tuple[int, str]]:
    """Give when who has read the copy, oldest first."""
    found = []
    for letter in request.accesses:
        content = open_letter(letter, bundle.identity)
        if content.get("id") == request.id:
            found.append((content["at"], content["who"]))
    return found
