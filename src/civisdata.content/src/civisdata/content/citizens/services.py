"""The services of a personal space: what its home page offers as cards.

A service is shown once its page exists, so that a room that is not there is not offered.
"""

from civisdata.content import _
from dataclasses import dataclass
from zope.i18nmessageid import Message


@dataclass(frozen=True)
class Service:
    """One card: the name of the page below the space, title and what it is for."""

    view: str
    title: Message
    text: Message
    icon: str


_offered: dict[str, tuple[int, Service]] = {}


def offer(service: Service, order: int) -> None:
    """Offer a service in every space; a room does so when imported.

    Cards come in rising ``order``; a view offered again replaces the card before.
    """
    _offered[service.view] = (order, service)


@dataclass(frozen=True)
class Block:
    """A part of the home page: its view, and its name for who arranges the page."""

    view: str
    title: Message | None = None


_blocks: dict[str, tuple[int, Block]] = {}


def offer_block(view: str, order: int, title: Message | None = None) -> None:
    """Show what a view of the space gives (HTML, or nothing) above the services.

    The view isn't put on the door's list: the home page alone asks for it. A block with
    a ``title`` is put where the citizen wants it; one without stays on top: a notice.
    """
    _blocks[view] = (order, Block(view, title))


def offered_blocks() -> list[Block]:
    """Give all blocks in their order."""
    return [block for _order, block in sorted(_blocks.values(), key=lambda row: row[0])]


def offered() -> list[Service]:
    """Give all services in their order."""
    return [
        service for _order, service in sorted(_offered.values(), key=lambda row: row[0])
    ]


offer(
    Service(
        "mon-compte",
        _("My account"),
        _("Your data, your choices, your password, and how to leave."),
        "account",
    ),
    order=90,
)
