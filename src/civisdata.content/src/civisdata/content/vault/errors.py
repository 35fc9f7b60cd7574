"""What can go wrong in a vault."""

from typing import Any


class VaultError(Exception):
    """Base of this room's errors."""


class IntegrityError(VaultError):
    """Stored bytes aren't what was stored: altered, cut, swapped or not for this key."""


#: What opening a box may raise that was altered, or isn't of a form that is known.
NOT_READABLE = (IntegrityError, TypeError, ValueError)


class NotARecipient(IntegrityError):
    """A well-formed age header of which no stanza opens with this identity."""


class NoSuchItem(VaultError, KeyError):
    """No document or upload of this id in this vault."""


class Refused(VaultError):
    """What was sent can't be stored; ``reason`` says why.

    Reasons: ``empty``, ``too_big``, ``quota``, ``name``, ``kind``, ``category``,
    ``too_many_documents``, ``too_many`` (uploads under way), ``short`` and ``long`` (a piece of another length
    than was announced), ``title``, ``depth`` and ``too_many_folders`` (of folders), ``folder`` (it
    isn't there any more),
    ``into_itself`` (a folder), ``notes``, ``paper``, ``date``, ``past`` (a day on which
    a document would end), ``not_binned``, ``photo``, ``photo_big``, ``photos`` (none, or too many),
    ``arrivals`` (too many wait for the owner of a shared folder) and ``busy``.
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class WrongOffset(VaultError):
    """A piece that doesn't follow the ones before; ``offset`` is what is awaited."""

    def __init__(self, offset: int):
        super().__init__(offset)
        self.offset = offset


class Overtaken(VaultError):
    """Somebody changed the item since the form was shown; ``current`` is what it is now."""

    def __init__(self, current: Any):
        super().__init__()
        self.current = current
