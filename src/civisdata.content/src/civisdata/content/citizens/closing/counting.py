"""What the receipt counts: rooms say how many of their things a space holds."""

from civisdata.content.citizens.journal.storage import get_journal
from collections.abc import Callable
from typing import Any


#: Names of the counts, in the order of the receipt.
NAMES = ("documents", "shares", "deposits", "journal")

_counters: dict[str, Callable[[Any], int]] = {}


def register_count(name: str, function: Callable[[Any], int]) -> None:
    """Have ``function`` count ``name`` (of NAMES) of a space; ValueError."""
    if name not in NAMES:
        raise ValueError(name)
    _counters[name] = function


def counts_of(space: Any) -> dict[str, int]:
    """Return all counts of a space; 0 where no room counts."""
    return {name: _counters.get(name, lambda space: 0)(space) for name in NAMES}


register_count("journal", lambda space: len(get_journal(space)))
