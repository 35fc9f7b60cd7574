"""Who came by an invitation: a number that the inviter sees, and nothing else.

The link of an invitation holds the inviter's id, encrypted with a key that lies outside
the database. It comes back with the sign-up only where the invited person ticked the box
that says so, and is dropped once the number is changed. So nothing is written when
somebody is invited, and there is no trace of those who don't come.
"""

from Acquisition import aq_base
from civisdata.content.citizens.content import is_space_id
from civisdata.content.citizens.site_keys import site_secrets
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from persistent.mapping import PersistentMapping
import base64
import binascii
import secrets


#: Days for which somebody may come by an invitation.
DAYS = 60

#: Longest token, in characters.
LONGEST = 100

_DAY = 86400
_LABEL = b"civisdata invitation 1\0"
_ATTRIBUTE = "_invitations"


def _ciphers() -> list[ChaCha20Poly1305]:
    """Return a cipher for each secret, the one of today last."""
    found = []
    for secret in site_secrets():
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=_LABEL)
        found.append(ChaCha20Poly1305(kdf.derive(secret)))
    return found


def invitation_token(space_id: str, now: float) -> str:
    """Return what the link of an invitation holds: another text each time."""
    nonce = secrets.token_bytes(12)
    clear = space_id.encode() + int(now // _DAY).to_bytes(4)
    sealed = _ciphers()[-1].encrypt(nonce, clear, None)
    return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def inviter_of(token: str, now: float) -> str | None:
    """Return the id of the space that invited; None for an old link or another text."""
    if not token or len(token) > LONGEST:
        return None
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    for cipher in _ciphers():
        try:
            clear = cipher.decrypt(data[:12], data[12:], None)
        except (InvalidTag, ValueError):
            continue
        space_id, day = clear[:-4].decode(), int.from_bytes(clear[-4:])
        in_time = 0 <= now // _DAY - day <= DAYS
        return space_id if in_time and is_space_id(space_id) else None
    return None


def count_arrival(spaces, token: str, now: float) -> None:
    """Count one more who came; nothing happens for another text or an erased space."""
    space_id = inviter_of(token, now)
    space = None if space_id is None else spaces.get_space(space_id)
    if space is not None:
        row = row_of(space, create=True)
        row["came"] += 1


def arrivals_of(space) -> int:
    """Return how many came by invitations of a space, and said so."""
    return row_of(space)["came"]


def row_of(space, create: bool = False) -> PersistentMapping:
    """Return what is kept of invitations with a space: numbers, and the day of one."""
    found = getattr(aq_base(space), _ATTRIBUTE, None)
    if found is None:
        found = PersistentMapping(came=0, day=0, sent=0)
        if create:
            setattr(aq_base(space), _ATTRIBUTE, found)
    return found
