"""What can go wrong in a vault."""


class VaultError(Exception):
    """Base of this room's errors."""


class IntegrityError(VaultError):
    """Stored bytes aren't what was stored: altered, cut, swapped or not for this key."""


class NotARecipient(IntegrityError):
    """A well-formed age header of which no stanza opens with this identity."""
