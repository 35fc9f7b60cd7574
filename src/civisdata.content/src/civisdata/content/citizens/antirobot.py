"""Protection of the sign-up form against robots that asks nothing of a person.

Three things are looked at: a field that people don't see, the time it took to fill the
form in, and how many sign-ups came from one network. A person who is stopped by one of
them by mistake is told so, loses nothing that was typed, and can send the form again.
"""

from BTrees.OOBTree import OOBTree
from civisdata.content import _
from civisdata.content.numbers import whole_number
from ipaddress import ip_address
from ipaddress import ip_network
from persistent import Persistent
from zope.i18nmessageid import Message
import hashlib
import hmac


#: Name of the field that people don't see.
TRAP = "website"

#: Name of the field with the time at which the form was shown.
STAMP = "shown_at"

#: Seconds within which nobody fills the form in.
QUICKEST = 3

#: Seconds after which a form is too old.
OLDEST = 24 * 3600

#: Seconds of one window of counting.
WINDOW = 3600


def stamp(secret: bytes, now: float) -> str:
    """Return the signed time at which a form was shown."""
    seconds = str(int(now))
    return f"{seconds}.{_sign(secret, seconds)}"


def objection(
    secret: bytes, trap: str, shown: str, now: float, quickest: float = QUICKEST
) -> Message | None:
    """Say why a form looks like a robot's, in words for a person; None if it doesn't."""
    if trap:
        return _(
            "A field that must stay empty was filled in, perhaps by your browser. It is "
            "empty again: please send the form once more."
        )
    seconds, _dot, signature = shown.partition(".")
    moment = whole_number(seconds)
    if moment is None or not hmac.compare_digest(
        signature.encode(), _sign(secret, seconds).encode()
    ):
        return _("This page was out of date. Please check it and send it once more.")
    elapsed = now - moment
    if elapsed < quickest:
        return _(
            "This was very quick. Please check what you typed and send it once more."
        )
    if elapsed > OLDEST:
        return _("This page was out of date. Please check it and send it once more.")
    return None


def network_of(address: str) -> str:
    """Return the network that counts as one: an IPv4 address, a /56 of IPv6."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        found = mapped
    if found.version == 4:
        return str(found)
    return str(ip_network(f"{found}/56", strict=False))


class NetworkCounter(Persistent):
    """How many sign-ups came from each network in this window and the one before.

    Networks are kept as keyed hashes, and forgotten after two windows. It lies in the
    database, so that all servers count together.
    """

    def __init__(self) -> None:
        self.windows = OOBTree()

    def full(self, secret: bytes, address: str, limit: int, now: float) -> bool:
        """Say whether ``address`` has no sign-up left; ``limit`` 0 means no limit."""
        if limit <= 0:
            return False
        window = self.windows.get(int(now // WINDOW))
        return window is not None and window.get(_key(secret, address), 0) >= limit

    def count(self, secret: bytes, address: str, now: float) -> None:
        """Count one sign-up of ``address``."""
        current = int(now // WINDOW)
        for old in list(self.windows.keys(max=current - 2)):
            del self.windows[old]
        window = self.windows.get(current)
        if window is None:
            window = self.windows[current] = OOBTree()
        key = _key(secret, address)
        window[key] = window.get(key, 0) + 1


def _key(secret: bytes, address: str) -> str:
    return _sign(secret, "network:" + network_of(address))[:32]


def _sign(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
