"""age files that a passphrase opens: the scrypt stanza of the age specification.

One run takes 1 KiB of memory × 2^work: only one at a time in a process, and a file that
asks for more than stock age writes (2^18, 256 MiB) is refused unread.
"""

from civisdata.content.citizens.keys import TooBusy
from civisdata.content.vault.ageheader import assemble_header
from civisdata.content.vault.ageheader import check_header
from civisdata.content.vault.ageheader import decode_base64
from civisdata.content.vault.ageheader import encode_base64
from civisdata.content.vault.ageheader import FILE_KEY_SIZE
from civisdata.content.vault.ageheader import parse_header
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.errors import WrongPassphrase
from contextlib import contextmanager
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
import hashlib
import re
import secrets
import threading
import unicodedata


#: Logarithm of the cost of what is written here, and of the most that is opened.
WORK = 17
MAX_WORK = 18
SCRYPT = b"scrypt"
_LABEL = b"age-encryption.org/v1/scrypt"
_SALT = 16
_BLOCK = 8
_ZERO_NONCE = bytes(12)
_WAIT_SECONDS = 20.0
_slot = threading.BoundedSemaphore(1)


@contextmanager
def _alone():
    if not _slot.acquire(timeout=_WAIT_SECONDS):
        raise TooBusy("another passphrase is being stretched")
    try:
        yield
    finally:
        _slot.release()


def _stretch(passphrase: str, salt: bytes, work: int) -> bytes:
    # As it was typed here or there: one text, whatever the keyboard composes.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    with _alone():
        return hashlib.scrypt(
            secret,
            salt=_LABEL + salt,
            n=1 << work,
            r=_BLOCK,
            p=1,
            maxmem=(128 * _BLOCK << work) + (1 << 20),
            dklen=32,
        )


def seal_to_passphrase(file_key: bytes, passphrase: str, work: int = WORK) -> bytes:
    """Make the header that gives ``file_key`` to who knows the passphrase; TooBusy."""
    salt = secrets.token_bytes(_SALT)
    key = _stretch(passphrase, salt, work)
    body = ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)
    stanza = b"-> scrypt %s %d\n%s\n" % (
        encode_base64(salt),
        work,
        encode_base64(body),
    )
    return assemble_header(file_key, [stanza])


def open_with_passphrase(header: bytes, passphrase: str) -> bytes:
    """Give the file key of a header; WrongPassphrase, ArchiveError, TooBusy.

    ArchiveError(``work``) before anything costly is done; IntegrityError where the
    header isn't one.
    """
    parsed = parse_header(header)
    stanza = parsed.stanzas[0]
    # The specification: such a stanza is alone, so that the sender is who knows it.
    if len(parsed.stanzas) != 1 or stanza.arguments[0] != SCRYPT:
        raise ArchiveError("header")
    if len(stanza.arguments) != 3 or len(stanza.body) != FILE_KEY_SIZE + 16:
        raise ArchiveError("header")
    salt, work = decode_base64(stanza.arguments[1]), stanza.arguments[2]
    if len(salt) != _SALT or not re.fullmatch(rb"[1-9][0-9]?", work):
        raise ArchiveError("header")
    if int(work) > MAX_WORK:
        raise ArchiveError("work")
    key = _stretch(passphrase, salt, int(work))
    try:
        file_key = ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, stanza.body, None)
    except InvalidTag:
        raise WrongPassphrase from None
    check_header(parsed, file_key)
    return file_key
