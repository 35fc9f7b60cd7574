"""« Qui voit quoi »: who may see or do what in a space, and how to stop it.

Each room that lets somebody see or do something registers a source; the page asks all of
them. What has ended isn't said here: the journal and the rooms' own pages have it.
"""

from civisdata.content.citizens.keys import KeyBundle
from dataclasses import dataclass
from typing import Any
from typing import Protocol
from zope.i18nmessageid import Message


@dataclass(frozen=True)
class Access:
    """One line: who, what, with which right, from when, until when.

    Times are seconds since 1970, ``until`` 0 for no end. ``id`` is what the source's
    ``stop`` takes; ``stop`` is the button's text.
    """

    id: str
    who: str | Message
    what: str | Message
    right: str | Message
    since: float
    until: float
    stop: Message


class Source(Protocol):
    """Lists and stops one kind of access."""

    title: Message
    #: What is said where there is none.
    none: Message

    def entries(self, space: Any, request: Any, bundle: KeyBundle) -> list[Access]:
        """Give what is allowed now."""

    def stop(self, space: Any, request: Any, bundle: KeyBundle, access_id: str) -> None:
        """End one access at once; KeyError where there is none of this id."""


_sources: dict[str, tuple[int, Source]] = {}


def register_access(name: str, source: Source, order: int) -> None:
    """Add a source in rising ``order``; a name registered again replaces the former."""
    _sources[name] = (order, source)


def access_sources() -> dict[str, Source]:
    """Give all sources by name, in their order."""
    rows = sorted(_sources.items(), key=lambda row: row[1][0])
    return {name: source for name, (_order, source) in rows}
