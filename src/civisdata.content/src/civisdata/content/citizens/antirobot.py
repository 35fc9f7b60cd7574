"""Protection of the sign-up form against robots that asks nothing of a person.

Looked at are a field that people don't see, the time it took to fill the form in, how
many sign-ups came from one network, and whether the browser did a small computation
meanwhile (see ``proof``). A person who is stopped by mistake is told so, loses nothing
that was typed, and can send the form again or sign up in another way.
"""

from BTrees.Length import Length
from BTrees.OOBTree import OOBTree
from civisdata.content import _
from civisdata.content.numbers import whole_number
from dataclasses import dataclass
from ipaddress import ip_address
from ipaddress import ip_network
from persistent import Persistent
from zope.i18nmessageid import Message
import hashlib
import hmac
import secrets


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


@dataclass(frozen=True)
class Stamp:
    """When a form was shown, how hard its computation is, and what makes it unique."""

    moment: int
    bits: int
    nonce: str


def stamp(secret: bytes, now: float, bits: int = 0) -> str:
    """Return the signed time at which a form was shown.

    It is also the task of the form's computation: ``bits`` says how hard that is.
    """
    text = f"{int(now)}.{bits}.{secrets.token_hex(8)}"
    return f"{text}.{_sign(secret, text)}"


def read_stamp(secret: bytes, shown: str) -> Stamp | None:
    """Read what ``stamp`` made; None for anything else."""
    text, _dot, signature = shown.rpartition(".")
    if not hmac.compare_digest(
        signature.encode("utf-8", "replace"), _sign(secret, text).encode()
    ):
        return None
    parts = text.split(".")
    if len(parts) != 3:
        # Made by a former version.
        return None
    seconds, bits, nonce = parts
    return Stamp(whole_number(seconds) or 0, whole_number(bits) or 0, nonce)


def objection(
    secret: bytes, trap: str, shown: str, now: float, quickest: float = QUICKEST
) -> Message | None:
    """Say why a form looks like a robot's, in words for a person; None if it doesn't."""
    if trap:
        return _(
            "A field that must stay empty was filled in, perhaps by your browser. It is "
            "empty again: please send the form once more."
        )
    read = read_stamp(secret, shown)
    if read is None:
        return _("This page was out of date. Please check it and send it once more.")
    elapsed = now - read.moment
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


class KeyedCounter(Persistent):
    """How often each of something came in this window of time and the one before.

    What is counted is kept as keyed hashes, and forgotten after two windows. It lies in
    the database, so that all servers count together. ``limit`` 0 means no limit.
    """

    #: Totals by window; a counter of before has none.
    totals: OOBTree | None = None

    def __init__(self) -> None:
        self.windows = OOBTree()

    def full(
        self, secret: bytes, what: str, limit: int, now: float, window: int = WINDOW
    ) -> bool:
        """Say whether ``what`` came as often as it may."""
        if limit <= 0:
            return False
        counts = self.windows.get(int(now // window))
        return counts is not None and counts.get(self.key(secret, what), 0) >= limit

    def count(self, secret: bytes, what: str, now: float, window: int = WINDOW) -> None:
        """Count ``what`` once more."""
        current = int(now // window)
        if self.totals is None:
            self.totals = OOBTree()
        for tree in (self.windows, self.totals):
            for old in list(tree.keys(max=current - 2)):
                del tree[old]
        counts = self.windows.get(current)
        if counts is None:
            counts = self.windows[current] = OOBTree()
        if current not in self.totals:
            self.totals[current] = Length()
        # Length merges what several servers count at the same time.
        self.totals[current].change(1)
        key = self.key(secret, what)
        counts[key] = counts.get(key, 0) + 1

    def total(self, now: float, window: int = WINDOW) -> int:
        """Return how many of all were counted in this window."""
        found = None if self.totals is None else self.totals.get(int(now // window))
        return 0 if found is None else found()

    def key(self, secret: bytes, what: str) -> str:
        """Return the hash that ``what`` is counted under."""
        return _sign(secret, what)[:32]


class NetworkCounter(KeyedCounter):
    """How many sign-ups came from each network."""

    def key(self, secret: bytes, what: str) -> str:
        return _sign(secret, "network:" + network_of(what))[:32]


def _sign(secret: bytes, text: str) -> str:
    data = text.encode("utf-8", "replace")
    return hmac.new(secret, data, hashlib.sha256).hexdigest()
