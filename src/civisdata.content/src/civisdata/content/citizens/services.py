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


_blocks: dict[str, int] = {}


def offer_block(view: str, order: int) -> None:
    """Show what a view of the space gives (HTML, or nothing) above the services.

    The view isn't put on the door's list: the home page alone asks for it.
    """
    _blocks[view] = order


def offered_blocks() -> list[str]:
    """Give the names of the views of all blocks in their order."""
    return sorted(_blocks, key=_blocks.__getitem__)


def offered() -> list[Service]:
    """Give all services in their order."""
    return [
        service for _order, service in sorted(_offered.values(), key=lambda row: row[0])
    ]


offer(
    Service(
        "mon-compte",
        _("My account"),
        _("Password, recovery code, open sessions."),
        "account",
    ),
    order=90,
)
