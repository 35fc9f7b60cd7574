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


SERVICES = (
    Service(
        "documents",
        _("My documents"),
        _("Store, read and find again your papers. You alone can open them."),
        "documents",
    ),
    Service(
        "mon-compte",
        _("My account"),
        _("Password, recovery code, open sessions."),
        "account",
    ),
)
