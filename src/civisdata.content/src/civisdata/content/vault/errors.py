"""What can go wrong in a vault."""


class VaultError(Exception):
    """Base of this room's errors."""


class IntegrityError(VaultError):
    """Stored bytes aren't what was stored: altered, cut, swapped or not for this key."""


class NotARecipient(IntegrityError):
    """A well-formed age header of which no stanza opens with this identity."""


class NoSuchItem(VaultError, KeyError):
    """No document or upload of this id in this vault."""


class Refused(VaultError):
    """What was sent can't be stored; ``reason`` says why.

    Reasons: ``empty``, ``too_big``, ``quota``, ``name``, ``kind``, ``category``,
    ``too_many`` (uploads under way), ``short`` and ``long`` (a piece of another length
    than was announced), ``title``, ``depth`` and ``too_many_folders`` (of folders).
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class WrongOffset(VaultError):
    """A piece that doesn't follow the ones before; ``offset`` is what is awaited."""

    def __init__(self, offset: int):
        super().__init__(offset)
        self.offset = offset
