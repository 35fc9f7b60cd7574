"""What follows when a citizen's keys are replaced: each room seals its own again.

A room registers a function when it is imported. It runs in the transaction that makes
the new keys count, so that all of it is sealed anew, or nothing.
"""

from civisdata.content.citizens.keys import KeyBundle
from collections.abc import Callable
from typing import Any


#: Called with space, old and new keys. What doesn't open under the old keys is left as
#: it is, and said in the log; anything raised keeps the old keys in force.
Resealer = Callable[[Any, KeyBundle, KeyBundle], None]

_resealers: list[Resealer] = []


def register_resealer(function: Resealer, first: bool = False) -> Resealer:
    """Have ``function(space, old, new)`` called whenever keys are replaced.

    ``first``: before the others, for what hands its own to another room.
    """
    if function not in _resealers:
        _resealers.insert(0 if first else len(_resealers), function)
    return function


def resealers() -> tuple[Resealer, ...]:
    """Return what was registered, in that order."""
    return tuple(_resealers)


def reseal(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal all that a space holds under ``old`` again under ``new``."""
    for function in _resealers:
        function(space, old, new)
