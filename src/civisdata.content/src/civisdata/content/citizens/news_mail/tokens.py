"""Tokens of links and of return addresses: an id with a MAC that the server alone makes.

The key is derived from the secrets of the signing keys (``site_keys``): the last one
signs, those before are still believed. Letters and digits are those of base 32, in small
letters, as the local part of an address may change its case on its way.
"""

from civisdata.content.citizens.content import is_space_id
from civisdata.content.citizens.site_keys import site_secrets
import base64
import hashlib
import hmac
import re


#: Local part of the return addresses, before what is signed.
RETURNS = "retours"

_LABEL = b"civisdata news mail 1\0"
_RETURN = re.compile(rf"{RETURNS}\+([a-z2-7]{{16}})\.([0-9]{{1,10}})\.([a-z2-7]{{26}})")


def _mac(secret: bytes, purpose: str, *parts: str) -> str:
    data = _LABEL + "\0".join((purpose, *parts)).encode()
    digest = hmac.digest(secret, data, hashlib.sha256)[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _sign(purpose: str, *parts: str) -> str:
    return _mac(site_secrets()[-1], purpose, *parts)


def _is_right(mac: str, purpose: str, *parts: str) -> bool:
    given = mac.encode("utf-8", "replace")
    return any(
        hmac.compare_digest(given, _mac(secret, purpose, *parts).encode())
        for secret in site_secrets()
    )


def unsubscribe_token(space_id: str) -> str:
    """Make the token that ends the mails to a space, and does nothing else."""
    return f"{space_id}.{_sign('unsubscribe', space_id)}"


def space_of_token(token: str) -> str | None:
    """Return the id of the space that a token was made for; None for any other text."""
    space_id, _dot, mac = token.strip().lower().partition(".")
    if not is_space_id(space_id) or not _is_right(mac, "unsubscribe", space_id):
        return None
    return space_id


def return_address(space_id: str, issue: int, domain: str) -> str:
    """Make the address that a mail's report of failure goes to (VERP)."""
    mac = _sign("return", space_id, str(issue))
    return f"{RETURNS}+{space_id}.{issue}.{mac}@{domain}"


def of_return_address(address: str) -> tuple[str, int] | None:
    """Return space id and issue of a return address; None for a forged or other one."""
    local = address.strip().strip("<>").lower().rpartition("@")[0]
    found = _RETURN.fullmatch(local)
    if found is None:
        return None
    space_id, issue, mac = found.groups()
    if not _is_right(mac, "return", space_id, issue):
        return None
    return space_id, int(issue)


def message_id(space_id: str, issue: int, domain: str) -> str:
    """Make the Message-ID of an issue for one reader: always the same one."""
    mac = _sign("message", space_id, str(issue))
    return f"<actualites.{issue}.{mac}@{domain}>"
