"""Letters: JSON sealed to public keys, as whole age files in memory.

For what has to reach people whose vault key isn't at hand. A letter says by itself what
it is for: who opens one compares the ids in it.
"""

from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.agefile import clear_size
from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import parse_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.agefile import seal_header
from civisdata.content.vault.errors import IntegrityError
from collections.abc import Iterable
from typing import Any
import json


#: Lengths tell of the content only in steps of so many bytes.
_PAD = 256
#: No letter is longer.
MAX_LETTER = 256 * 1024


def seal_letter(content: dict[str, Any], recipients: Iterable[str]) -> bytes:
    """Seal what JSON can hold to each recipient (``age1…``)."""
    clear = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    clear += b" " * (-len(clear) % _PAD)
    file_key, nonce = new_file_key(), new_nonce()
    sealer = PayloadSealer(file_key, nonce)
    body = sealer.update(clear) + sealer.finish(True)
    return seal_header(file_key, recipients) + nonce + body


def open_letter(letter: bytes, identity: str) -> dict[str, Any]:
    """Open a letter with an identity (``AGE-SECRET-KEY-1…``).

    IntegrityError, NotARecipient.
    """
    header = letter[: parse_header(letter).length]
    body = letter[len(header) :]
    if clear_size(len(body)) > MAX_LETTER:
        raise IntegrityError("a letter that is too long")
    reader = PayloadReader(
        open_header(header, identity), len(body), lambda at, size: body[at : at + size]
    )
    try:
        content = json.loads(b"".join(reader.read()))
    except ValueError:
        raise IntegrityError("a letter that isn't JSON") from None
    if not isinstance(content, dict):
        raise UnknownSuite("a letter of an unknown form")
    return content
