"""Headers of age v1 files, with X25519 recipients.

Specification: https://github.com/C2SP/C2SP/blob/main/age.md. Other people's stanzas are
read over; written are only X25519 ones.
"""

from base64 import b64decode
from base64 import b64encode
from binascii import Error as Base64Error
from civisdata.content.citizens import bech32
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NotARecipient
from collections.abc import Iterable
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from dataclasses import dataclass
import hashlib
import hmac
import re
import secrets


VERSION_LINE = b"age-encryption.org/v1"
FILE_KEY_SIZE = 16
#: Far more than hundreds of recipients need.
MAX_HEADER = 64 * 1024
_COLUMNS = 64
_X25519 = b"X25519"
_X25519_INFO = b"age-encryption.org/v1/X25519"
_ZERO_NONCE = bytes(12)
_ARGUMENT = re.compile(rb"[\x21-\x7e]+")


@dataclass(frozen=True)
class Stanza:
    """One recipient of a header: type and arguments, and its body."""

    arguments: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """A parsed header; ``signed`` is what its MAC covers, ``length`` its bytes."""

    stanzas: tuple[Stanza, ...]
    signed: bytes
    mac: bytes
    length: int


def new_file_key() -> bytes:
    """Draw a file key (128 bits, as age does)."""
    return secrets.token_bytes(FILE_KEY_SIZE)


def derive(material: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 to 32 bytes, as age uses it."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(material)


def encode_base64(data: bytes) -> bytes:
    """Write base64 as age headers have it, without padding."""
    return b64encode(data).rstrip(b"=")


def decode_base64(text: bytes) -> bytes:
    """Read canonical base64 without padding; IntegrityError."""
    try:
        data = b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (Base64Error, ValueError):
        raise IntegrityError("age header: not base64") from None
    if b"=" in text or encode_base64(data) != text:
        raise IntegrityError("age header: base64 isn't canonical")
    return data


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(derive(file_key, b"", b"header"), signed, hashlib.sha256)


def _shared(private: X25519PrivateKey, public: bytes) -> bytes:
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise IntegrityError("age header: a public key of low order") from None


def _stanza(file_key: bytes, recipient: str) -> bytes:
    public = bech32.decode("age", recipient)
    if len(public) != 32:
        raise ValueError("an age recipient has 32 bytes")
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    key = derive(_shared(ephemeral, public), share + public, _X25519_INFO)
    body = ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)
    return _written(Stanza((_X25519, encode_base64(share)), body))


def _written(stanza: Stanza) -> bytes:
    text = encode_base64(stanza.body)
    lines = [text[at : at + _COLUMNS] for at in range(0, len(text) + 1, _COLUMNS)]
    return b"-> %s\n%s\n" % (b" ".join(stanza.arguments), b"\n".join(lines))


def seal_header(file_key: bytes, recipients: Iterable[str]) -> bytes:
    """Make the header that gives ``file_key`` to each recipient (``age1…``).

    ValueError where there is none, or one isn't an age X25519 recipient.
    """
    if len(file_key) != FILE_KEY_SIZE:
        raise ValueError("an age file key has 16 bytes")
    return assemble_header(file_key, [_stanza(file_key, name) for name in recipients])


def reseal_header(header: bytes, identity: str | bytes, recipient: str) -> bytes:
    """Give a header to ``recipient`` in place of ``identity``; same file key.

    The stanzas of other recipients stay as they are. IntegrityError, NotARecipient.
    """
    file_key = open_header(header, identity)
    private, public = _pair(identity)
    others = [
        _written(stanza)
        for stanza in parse_header(header).stanzas
        if stanza.arguments[0] != _X25519
        or _open_stanza(stanza, private, public) is None
    ]
    return assemble_header(file_key, [_stanza(file_key, recipient), *others])


def assemble_header(file_key: bytes, stanzas: list[bytes]) -> bytes:
    """Put written stanzas into a header; ValueError where there is none."""
    if not stanzas:
        raise ValueError("an age file has at least one recipient")
    signed = VERSION_LINE + b"\n" + b"".join(stanzas) + b"---"
    header = signed + b" " + encode_base64(_mac(file_key, signed)) + b"\n"
    if len(header) > MAX_HEADER:
        raise ValueError("too many recipients")
    return header


def parse_header(data: bytes) -> Header:
    """Parse the header at the beginning of ``data``; IntegrityError.

    The MAC isn't checked here: that takes the file key.
    """
    data = data[:MAX_HEADER]
    position = 0

    def line() -> bytes:
        nonlocal position
        end = data.find(b"\n", position)
        if end < 0:
            raise IntegrityError("age header: it has no end")
        text = data[position:end]
        position = end + 1
        return text

    if line() != VERSION_LINE:
        raise IntegrityError("age header: not an age v1 file")
    stanzas = []
    while True:
        start = position
        text = line()
        if text.startswith(b"--- "):
            break
        stanzas.append(_parse_stanza(text, line))
    mac = decode_base64(text[4:])
    if len(mac) != 32 or not stanzas:
        raise IntegrityError("age header: no recipient or a cut MAC")
    return Header(tuple(stanzas), data[: start + 3], mac, position)


def _parse_stanza(first: bytes, line) -> Stanza:
    arguments = tuple(first.split(b" "))
    if len(arguments) < 2 or arguments[0] != b"->":
        raise IntegrityError("age header: not a stanza")
    if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise IntegrityError("age header: a stanza's argument")
    body = []
    while True:
        text = line()
        if len(text) > _COLUMNS:
            raise IntegrityError("age header: a line is too long")
        body.append(text)
        if len(text) < _COLUMNS:
            return Stanza(arguments[1:], decode_base64(b"".join(body)))


def open_header(header: bytes, identity: str | bytes) -> bytes:
    """Give the file key of ``header`` with an identity.

    ``identity`` is ``AGE-SECRET-KEY-1…``, or its raw X25519 key (32 bytes). ``header``
    holds the header and nothing after it. IntegrityError, NotARecipient.
    """
    parsed = parse_header(header)
    if parsed.length != len(header):
        raise IntegrityError("age header: something follows it")
    private, public = _pair(identity)
    for stanza in parsed.stanzas:
        if stanza.arguments[0] != _X25519:
            continue
        file_key = _open_stanza(stanza, private, public)
        if file_key is not None:
            check_header(parsed, file_key)
            return file_key
    raise NotARecipient("age header: not for this identity")


def _pair(identity: str | bytes) -> tuple[X25519PrivateKey, bytes]:
    if isinstance(identity, str):
        identity = bech32.decode("age-secret-key-", identity)
    private = X25519PrivateKey.from_private_bytes(identity)
    return private, private.public_key().public_bytes_raw()


def check_header(header: Header, file_key: bytes) -> None:
    """Check the header's MAC with the file key a stanza gave; IntegrityError."""
    if not hmac.compare_digest(_mac(file_key, header.signed), header.mac):
        raise IntegrityError("age header: wrong MAC")


def _open_stanza(
    stanza: Stanza, private: X25519PrivateKey, public: bytes
) -> bytes | None:
    if len(stanza.arguments) != 2 or len(stanza.body) != FILE_KEY_SIZE + 16:
        raise IntegrityError("age header: a malformed X25519 stanza")
    share = decode_base64(stanza.arguments[1])
    if len(share) != 32:
        raise IntegrityError("age header: a malformed X25519 stanza")
    key = derive(_shared(private, share), share + public, _X25519_INFO)
    try:
        return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, stanza.body, None)
    except InvalidTag:
        return None
