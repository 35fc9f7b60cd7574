"""The settings of a space: what « Mon compte » lists, in groups, one page a subject.

A room offers its pages when it is imported; a page that isn't there isn't listed.
"""

from civisdata.content import _
from dataclasses import dataclass
from zope.i18nmessageid import Message


ME, NEWS, SAFETY, OTHERS, LEAVING = "me", "news", "safety", "others", "leaving"

#: Groups in their order, id → title.
GROUPS = {
    ME: _("Who I am"),
    NEWS: _("What I am shown and sent"),
    SAFETY: _("Safety"),
    OTHERS: _("What others may do and see"),
    LEAVING: _("My data, and leaving"),
}


@dataclass(frozen=True)
class Setting:
    """One subject: the name of its page below the space, title, and one sentence.

    ``icon``: as of the services of a space.
    """

    view: str
    group: str
    title: Message
    text: Message
    icon: str = "settings"


_offered: dict[str, tuple[int, Setting]] = {}


def offer_setting(
    view: str,
    group: str,
    title: Message,
    text: Message,
    order: int = 50,
    icon: str = "settings",
) -> None:
    """List a page at « Mon compte » within a group (of GROUPS), in rising ``order``.

    The page then has « Mon compte » above it, as the way back. ValueError.
    """
    if group not in GROUPS:
        raise ValueError(group)
    _offered[view] = (order, Setting(view, group, title, text, icon))


def offered_settings(group: str) -> list[Setting]:
    """Return the pages of a group in their order."""
    rows = sorted(_offered.values(), key=lambda row: row[0])
    return [setting for _order, setting in rows if setting.group == group]


def is_setting(view: str) -> bool:
    """Say whether a view is a page of settings."""
    return view in _offered
