"""What is said within the boxes and letters of a share."""

from base64 import b64decode
from base64 import b64encode
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.keys import PublicKeys
from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.sealed import open_letter
from civisdata.content.vault.sealed import seal_letter
from civisdata.content.vault.sharing.storage import Share
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
import json


SUITE = "civis-share-1"
DOCUMENT, FOLDER = "document", "folder"
_LABEL = b"civisdata share letter\n"


@dataclass(frozen=True)
class Own:
    """What the owner knows of a share; ``key`` (base64) is empty once it has ended.

    ``to`` is what the owner typed; ``person`` the id of that person's space, empty where
    the offer reaches nobody. ``exchange`` and ``signing`` are the recipient's public
    keys as they were at the offer, ``delivered`` the id of the letter in that person's
    space. ``until`` is in seconds since 1970, 0 for no end.
    """

    to: str
    person: str
    exchange: str
    signing: str
    kind: str
    item: str
    title: str
    may_add: bool
    until: int
    message: str
    key: str
    delivered: str = ""

    @property
    def share_key(self) -> bytes:
        return b64decode(self.key)

    @property
    def public(self) -> PublicKeys:
        return PublicKeys(bytes.fromhex(self.exchange), bytes.fromhex(self.signing))


@dataclass(frozen=True)
class Head:
    """What the recipient is told of a share as a whole."""

    kind: str
    item: str
    title: str
    may_add: bool
    until: int
    message: str


@dataclass(frozen=True)
class SharedDocument:
    """What a recipient knows of a shared document; nothing of the owner's notes.

    ``folder`` is the id of a shared folder, empty where it is shared by itself.
    ``signer`` is whose signature its record has (hexadecimal), ``added_by`` the name of
    a recipient who added it.
    """

    title: str
    name: str
    kind: str
    category: str
    size: int
    sha256: str
    stored_at: int
    folder: str
    signer: str
    added_by: str = ""


@dataclass(frozen=True)
class SharedFolder:
    """A shared folder; ``parent`` is empty for the one that was shared.

    ``recipients`` are the addresses (``age1…``) that what is added has to be sealed to,
    ``adders`` the public signing keys (hexadecimal) of those who may add.
    """

    title: str
    parent: str
    recipients: tuple[str, ...] = ()
    adders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What tells a recipient of a share; signed with the owner's key."""

    share: str
    owner: str
    owner_name: str
    owner_exchange: str
    owner_signing: str
    recipient: str
    key: str
    suite: str = SUITE

    @property
    def share_key(self) -> bytes:
        return b64decode(self.key)

    @property
    def owner_public(self) -> PublicKeys:
        return PublicKeys(
            bytes.fromhex(self.owner_exchange), bytes.fromhex(self.owner_signing)
        )

    def encode(self) -> bytes:
        """The bytes that are signed."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return _LABEL + text.encode()


def write_letter(
    share: Share, space_id: str, bundle: KeyBundle, own: Own, owner_name: str
) -> bytes:
    """Write the letter of a share to its recipient."""
    public = bundle.public
    letter = Letter(
        share=share.id,
        owner=space_id,
        owner_name=owner_name,
        owner_exchange=public.exchange.hex(),
        owner_signing=public.signing.hex(),
        recipient=own.exchange,
        key=own.key,
    )
    key = Ed25519PrivateKey.from_private_bytes(bundle.signing_key)
    signature = b64encode(key.sign(letter.encode())).decode()
    content = {"letter": asdict(letter), "signature": signature}
    return seal_letter(content, [own.public.recipient])


def read_letter(sealed: bytes, bundle: KeyBundle) -> Letter:
    """Open a letter and verify that its owner wrote it to just this recipient.

    IntegrityError, UnknownSuite.
    """
    content = open_letter(sealed, bundle.identity)
    try:
        letter = Letter(**content["letter"])
        signature = b64decode(content["signature"])
        if letter.suite != SUITE:
            raise UnknownSuite(letter.suite)
        signer = Ed25519PublicKey.from_public_bytes(letter.owner_public.signing)
        signer.verify(signature, letter.encode())
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise IntegrityError("a letter about a share that is wrong") from error
    if letter.recipient != bundle.public.exchange.hex():
        raise IntegrityError("a letter about a share to somebody else")
    return letter


def seal_own(share: Share, space_id: str, bundle: KeyBundle, own: Own) -> None:
    share.own = BoxKey(bundle.vault_key).seal(
        asdict(own), space_id=space_id, item_id=share.id, purpose="share"
    )


def open_own(share: Share, space_id: str, bundle: KeyBundle) -> Own:
    """Open the owner's part of a share; IntegrityError."""
    return Own(
        **BoxKey(bundle.vault_key).open(
            share.own, space_id=space_id, item_id=share.id, purpose="share"
        )
    )


class ShareBoxes:
    """Seals and opens the boxes of one share, with its key."""

    def __init__(self, share_key: bytes, owner_id: str, share_id: str):
        self._key = BoxKey(share_key)
        self._owner = owner_id
        self._share = share_id

    def _open(self, box: bytes, item_id: str, purpose: str) -> dict[str, Any]:
        return self._key.open(
            box,
            space_id=self._owner,
            item_id=item_id,
            purpose=f"share {self._share} {purpose}",
        )

    def seal(self, part: Head | SharedDocument | SharedFolder, item_id: str) -> bytes:
        return self._key.seal(
            asdict(part),
            space_id=self._owner,
            item_id=item_id,
            purpose=f"share {self._share} {type(part).__name__}",
        )

    def head(self, box: bytes) -> Head:
        """Open the head of the share; IntegrityError."""
        return Head(**self._open(box, self._share, "Head"))

    def document(self, document_id: str, box: bytes) -> SharedDocument:
        """Open an entry; IntegrityError."""
        return SharedDocument(**self._open(box, document_id, "SharedDocument"))

    def folder(self, folder_id: str, box: bytes) -> SharedFolder:
        """Open a folder's box; IntegrityError."""
        data = self._open(box, folder_id, "SharedFolder")
        lists = {name: tuple(data[name]) for name in ("recipients", "adders")}
        return SharedFolder(**{**data, **lists})
