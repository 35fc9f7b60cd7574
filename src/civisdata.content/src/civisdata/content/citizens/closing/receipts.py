"""The line that stays of an erased space: number, day, counts; signed, without a name.

Nothing in it leads to a person or a space. Whoever holds the message with the number can
have it confirmed; the signature shows that the line wasn't made up later.
"""

from BTrees.OOBTree import OOBTree
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.site_keys import note_key
from civisdata.content.citizens.site_keys import trusted_keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typing import Any
import json
import secrets


TYPE = "civisdata-closing-1"
_LABEL = b"civisdata closing receipt\n"
_ATTRIBUTE = "_civisdata_closing_receipts"
_SIGNER = "cub"


def new_number() -> str:
    """Draw a receipt's number, such as ``4f2a-91c7-03be``."""
    text = secrets.token_hex(6)
    return "-".join(text[start : start + 4] for start in range(0, 12, 4))


def canonical(signed: dict[str, Any]) -> bytes:
    """Give the bytes that are signed."""
    return _LABEL + json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()


def keep_receipt(
    site: Any, spaces: Any, number: str, day: str, counts: dict[str, int]
) -> dict[str, Any]:
    """Sign a receipt with the key of the urban community and keep it; return it."""
    signer = publishers(site).get(_SIGNER) or Publisher(_SIGNER, site.Title())
    key = note_key(site, signer)
    signed = {"type": TYPE, "number": number, "day": day, "counts": counts}
    signed["key"] = key.id
    receipt = {"signed": signed, "signature": key.sign(canonical(signed)).hex()}
    receipts = getattr(spaces.aq_base, _ATTRIBUTE, None)
    if receipts is None:
        receipts = OOBTree()
        setattr(spaces.aq_base, _ATTRIBUTE, receipts)
    receipts[number] = receipt
    return receipt


def receipt_of(spaces: Any, number: str) -> dict[str, Any] | None:
    """Return the receipt of a number, or None."""
    return (getattr(spaces.aq_base, _ATTRIBUTE, None) or {}).get(number)


def is_genuine(receipt: dict[str, Any]) -> bool:
    """Say whether this portal has signed a receipt."""
    data, signature = canonical(receipt["signed"]), bytes.fromhex(receipt["signature"])
    for public in trusted_keys(_SIGNER):
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        except InvalidSignature:
            continue
        return True
    return False
