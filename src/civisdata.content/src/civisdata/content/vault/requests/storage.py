"""Where requests are: with the portal, by publisher; a space knows which are its own.

In clear are: which publisher asked which space, when, the state, sizes. What was asked
and answered lies in letters to the publisher and the citizen.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.errors import NoSuchItem
from collections.abc import Iterator
from persistent import Persistent


_ATTRIBUTE = "_civisdata_document_requests"

#: Nobody has answered; a copy was given; the citizen said no; it is over.
WAITING, GIVEN, DECLINED, ENDED = "waiting", "given", "declined", "ended"


class Request(Persistent):
    """A request for a document; times are seconds since 1970.

    ``space_id`` is empty where the name that was typed is nobody's. ``question`` and
    ``answer`` are letters, ``accesses`` letters to the citizen: who read it, and when.
    ``document`` is the copy that was given, ``exchange`` and ``signer`` the public keys
    (hexadecimal) of the citizen who was asked.
    """

    def __init__(self, id: str, publisher: str, space_id: str, now: float):
        self.id = id
        self.publisher = publisher
        self.space_id = space_id
        self.asked_at = int(now)
        self.state = WAITING
        self.answered_at = 0
        self.ended_at = 0
        self.until = 0
        self.exchange = ""
        self.signer = ""
        self.question = b""
        self.answer = b""
        self.accesses: tuple[bytes, ...] = ()
        self.document: VaultDocument | None = None

    def end(self, now: float) -> None:
        """End it: the copy's key is dropped first, then the copy."""
        self.erase()
        if self.state in (WAITING, GIVEN):
            self.state = ENDED
            self.ended_at = int(now)

    def erase(self) -> None:
        """Erase the copy, if there is one."""
        if self.document is not None:
            self.document.header, self.document.parts = b"", ()
            self.document = None


def _tree(owner, create: bool = False) -> OOBTree:
    found = getattr(aq_base(owner), _ATTRIBUTE, None)
    if found is None:
        found = OOBTree()
        if create:
            setattr(aq_base(owner), _ATTRIBUTE, found)
    return found


def keep_request(site, space, request: Request) -> None:
    """Keep a request with the portal and, where there is one, with the space."""
    by_publisher = _tree(site, create=True)
    if request.publisher not in by_publisher:
        by_publisher[request.publisher] = OOBTree()
    by_publisher[request.publisher][request.id] = request
    if space is not None:
        _tree(space, create=True)[request.id] = request.publisher


def requests_of(site, publisher: str) -> list[Request]:
    """Give all requests of a publisher, the newest first."""
    found = _tree(site).get(publisher) or {}
    return sorted(found.values(), key=lambda item: item.asked_at, reverse=True)


def request_of(site, publisher: str, request_id: str) -> Request:
    """Give a request of this publisher; NoSuchItem."""
    found = _tree(site).get(publisher) or {}
    if request_id not in found:
        raise NoSuchItem(request_id)
    return found[request_id]


def requests_to(site, space) -> list[Request]:
    """Give all requests to a citizen, the newest first."""
    found = [
        request_of(site, publisher, request_id)
        for request_id, publisher in _tree(space).items()
        if request_id in (_tree(site).get(publisher) or {})
    ]
    return sorted(found, key=lambda item: item.asked_at, reverse=True)


def request_to(site, space, request_id: str) -> Request:
    """Give a request to this citizen; NoSuchItem."""
    publisher = _tree(space).get(request_id)
    if publisher is None:
        raise NoSuchItem(request_id)
    return request_of(site, publisher, request_id)


def forget_request(site, space, request: Request) -> None:
    """Drop a request from both sides."""
    request.erase()
    del _tree(site)[request.publisher][request.id]
    if space is not None:
        _tree(space).pop(request.id, None)


def forget_citizen(site, space) -> None:
    """Let requests name a citizen no more whose space goes; publishers keep theirs.

    A request that nobody has answered goes on waiting, as if it had reached nobody: its
    end would tell.
    """
    for request in requests_to(site, space):
        request.erase()
        request.space_id = request.exchange = request.signer = ""
        request.answer, request.accesses = b"", ()
    tree = _tree(space)
    if tree:
        tree.clear()


def all_requests(site) -> Iterator[Request]:
    """Give the requests of all publishers."""
    for found in _tree(site).values():
        yield from found.values()
