"""The administration's side: ask, read what was given, stop."""

from civisdata.content.citizens import bech32
from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.documents import verify_document
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import OpenPart
from civisdata.content.vault.parts import PartsReader
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.publisher_key import publisher_identity
from civisdata.content.vault.requests.publisher_key import publisher_recipient
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import keep_request
from civisdata.content.vault.requests.storage import Request
from civisdata.content.vault.sealed import open_letter
from civisdata.content.vault.sealed import seal_letter
from civisdata.content.vault.sharing.people import keys_of
from civisdata.content.vault.storage import new_id
from dataclasses import asdict
from dataclasses import dataclass


#: For how many days access may be asked.
DAYS = (7, 30, 90, 180, 365)
MAX_TEXT = 1000
MAX_LINE = 200


@dataclass(frozen=True)
class Question:
    """What is asked: of whom (as typed), which paper, what for, for how many days."""

    to: str
    paper: str
    purpose: str
    days: int
    by: str


@dataclass(frozen=True)
class Answer:
    """What came back: the copy's title and name, or the reason of a refusal."""

    title: str = ""
    name: str = ""
    kind: str = ""
    size: int = 0
    sha256: str = ""
    stored_at: int = 0
    reason: str = ""


def ask(site, publisher: str, space, question: Question) -> tuple[Request, bool]:
    """Ask for a document; give the request, and whether it reaches somebody.

    ``space`` is whose name was typed, or None. A name that is nobody's, or whose account
    isn't active, is asked all the same, so that nobody learns who is registered.
    Refused (``nobody``, ``paper``, ``purpose``, ``days``).
    """
    checks = (
        ("nobody", 0 < len(question.to) <= MAX_LINE),
        ("paper", 0 < len(question.paper) <= MAX_LINE),
        ("purpose", 0 < len(question.purpose) <= MAX_TEXT),
        ("days", question.days in DAYS),
    )
    for reason, is_right in checks:
        if not is_right:
            raise Refused(reason)
    keys = keys_of(space)
    reaches = keys is not None
    if not reaches:
        space, keys = None, KeyBundle.new().public
    request = Request(
        new_id(), publisher, space.getId() if reaches else "", clock.now()
    )
    request.exchange, request.signer = keys.exchange.hex(), keys.signing.hex()
    content = {"id": request.id, "publisher": publisher, **asdict(question)}
    request.question = seal_letter(
        content, [publisher_recipient(publisher), keys.recipient]
    )
    keep_request(site, space, request)
    return request, reaches


def read_question(request: Request, identity: str) -> Question:
    """Open a question with the publisher's or the citizen's identity; IntegrityError."""
    content = open_letter(request.question, identity)
    if (content.pop("id", ""), content.pop("publisher", "")) != (
        request.id,
        request.publisher,
    ):
        raise IntegrityError("a question of another request")
    return Question(**content)


def read_answer(request: Request, identity: str) -> Answer | None:
    """Open an answer; None where there is none; IntegrityError."""
    if not request.answer:
        return None
    content = open_letter(request.answer, identity)
    if content.pop("id", "") != request.id:
        raise IntegrityError("an answer to another request")
    return Answer(**content)


def open_copy(spaces, request: Request, opener: OpenPart = open_part) -> OpenedDocument:
    """Open what was given with the publisher's key; NoSuchItem, IntegrityError."""
    if request.state != GIVEN or is_over(spaces, request) or request.document is None:
        raise NoSuchItem(request.id)
    document, identity = request.document, publisher_identity(request.publisher)
    answer = read_answer(request, identity)
    if document.id != request.id:
        raise IntegrityError("a copy for another request")
    verify_document(document, request.space_id, bytes.fromhex(request.signer))
    file_key = open_header(document.header, identity)
    parts = PartsReader(document.parts, document.piece_size, opener)
    try:
        payload = PayloadReader(file_key, document.payload_size, parts.read_at)
        if answer is None or payload.clear_size != answer.size:
            raise IntegrityError("a payload of another size")
    except BaseException:
        parts.close()
        raise
    metadata = Metadata(
        title=answer.title,
        name=answer.name,
        kind=answer.kind,
        category="",
        size=answer.size,
        sha256=answer.sha256,
        stored_at=answer.stored_at,
    )
    return OpenedDocument(metadata, payload, parts)


def note_access(request: Request, who: str) -> None:
    """Tell the citizen who has read the copy, and when."""
    recipient = keys_of_request(request)
    letter = seal_letter(
        {"id": request.id, "who": who, "at": int(clock.now())}, [recipient]
    )
    request.accesses += (letter,)


def keys_of_request(request: Request) -> str:
    """Give the address (``age1…``) of the citizen who was asked."""
    return bech32.encode("age", bytes.fromhex(request.exchange))
