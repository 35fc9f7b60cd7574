"""Tokens of links and of return addresses: an id with a MAC (see ``signing``)."""

from civisdata.content.citizens.signing import Signer
import re


#: Local part of the return addresses, before what is signed.
RETURNS = "retours"

_SIGNER = Signer(b"civisdata news mail 1\0")
_RETURN = re.compile(rf"{RETURNS}\+([a-z2-7]{{16}})\.([0-9]{{1,10}})\.([a-z2-7]{{26}})")


def unsubscribe_token(space_id: str) -> str:
    """Make the token that ends the mails to a space, and does nothing else."""
    return _SIGNER.token("unsubscribe", space_id)


def space_of_token(token: str) -> str | None:
    """Return the id of the space that a token was made for; None for any other text."""
    return _SIGNER.id_of(token, "unsubscribe")


def return_address(space_id: str, issue: int, domain: str) -> str:
    """Make the address that a mail's report of failure goes to (VERP)."""
    mac = _SIGNER.sign("return", space_id, str(issue))
    return f"{RETURNS}+{space_id}.{issue}.{mac}@{domain}"


def of_return_address(address: str) -> tuple[str, int] | None:
    """Return space id and issue of a return address; None for a forged or other one."""
    local = address.strip().strip("<>").lower().rpartition("@")[0]
    found = _RETURN.fullmatch(local)
    if found is None:
        return None
    space_id, issue, mac = found.groups()
    if not _SIGNER.is_right(mac, "return", space_id, issue):
        return None
    return space_id, int(issue)


def message_id(space_id: str, issue: int, domain: str) -> str:
    """Make the Message-ID of an issue for one reader: always the same one."""
    mac = _SIGNER.sign("message", space_id, str(issue))
    return f"<actualites.{issue}.{mac}@{domain}>"
