"""Which browsers a citizen has logged in with: by a cookie, and by nothing else.

The cookie holds 32 random bytes, the same for all who use a browser; what is stored for a
space is a keyed hash (the pepper lies outside the database), so that a copy of the
database doesn't tell who shares a computer. No address, no place, no list of visits.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.accounts import pepper
from civisdata.content.citizens.cookies import DEVICE_KEY
from civisdata.content.citizens.cookies import set_device_cookie
from persistent import Persistent
import hashlib
import hmac
import secrets


#: Browsers that are known at most; who hasn't come for longest is forgotten.
MOST = 20
#: Log-ins that stop before their second step are told of once in so many seconds.
_TELL_SECONDS = 3600
_SIZE = 16
_LABEL = b"civisdata device 1\0"


class KnownDevices(Persistent):
    """What is stored: marks one after the other, the one used last first."""

    marks = b""
    #: When a log-in without its second step was last told of.
    told = 0.0


def _mark(space, secret: bytes) -> bytes:
    text = _LABEL + space.getId().encode() + b"\0" + secret
    return hmac.new(pepper(), text, hashlib.sha256).digest()[:_SIZE]


def _secret(request) -> bytes | None:
    cookie = request.environ.get(DEVICE_KEY)
    return None if cookie is None else cookie.secret


def _marks(space) -> list[bytes]:
    stored = b"" if space._devices is None else space._devices.marks
    return [stored[at : at + _SIZE] for at in range(0, len(stored), _SIZE)]


def _stored(space) -> KnownDevices:
    if space._devices is None:
        space._devices = KnownDevices()
    return space._devices


def is_known(space, request) -> bool:
    """Say whether the citizen has logged in with this browser before."""
    secret = _secret(request)
    if secret is None:
        return False
    mark = _mark(space, secret)
    return any(hmac.compare_digest(mark, known) for known in _marks(space))


def is_unusual(space, request) -> bool:
    """Say whether the citizen logs in with a browser never seen; no at the first time."""
    return bool(_marks(space)) and not is_known(space, request)


def remember(space, request) -> None:
    """Know this browser from now on; its cookie lives on."""
    secret = _secret(request) or secrets.token_bytes(32)
    set_device_cookie(request, secret)
    mark = _mark(space, secret)
    marks = _marks(space)
    if marks[:1] != [mark]:
        kept = [known for known in marks if known != mark]
        _stored(space).marks = b"".join([mark, *kept][:MOST])


def forget_others(space, request) -> None:
    """Know no browser but this one any more."""
    if space._devices is not None:
        secret = _secret(request)
        mine = b"" if secret is None else _mark(space, secret)
        space._devices.marks = mine if mine in _marks(space) else b""


def may_tell(space) -> bool:
    """Say whether to tell of a log-in that waits for its second step, and note it."""
    stored, now = _stored(space), clock.now()
    if now - stored.told < _TELL_SECONDS:
        return False
    stored.told = now
    return True
