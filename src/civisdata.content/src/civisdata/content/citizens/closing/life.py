"""Closing a space and taking that back, by its citizen or by the administration.

From the moment it is closed, nobody can send it anything, nor read anything of it: shares,
requests, consents, trusted persons and news by e-mail end. What it holds stays until the
grace is over, and is then erased by a task (see ``erasing``).
"""

from BTrees.OOBTree import OOBTree
from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.closing import noted
from civisdata.content.citizens.events import SpaceCloses
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.storage import SELF
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.registrations import BY_CITIZEN
from civisdata.content.citizens.registrations import NotPossible
from civisdata.content.citizens.registrations import possible_actions
from civisdata.content.citizens.registrations import remember
from civisdata.content.citizens.registrations import state_of
from civisdata.content.citizens.settings import account_setting
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from zope.event import notify


DAY = 86400

#: Who closes a space.
CITIZEN, ADMINISTRATION = "citizen", "administration"

_CLOSINGS = "_civisdata_closings"


@dataclass(frozen=True)
class Closing:
    """When it was asked for and is due (seconds since 1970), and by whom.

    ``begun``: the erasing has begun. ``number`` and ``counts`` are those of the receipt,
    ``told``: whether it is to be sent.
    """

    asked: float
    due: float
    by: str
    begun: bool = False
    number: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    told: bool = True


def closing_of(space: Any) -> Closing | None:
    """Return the closing that is under way, or None."""
    account = get_account(space)
    return (
        None if account is None or not account.closing else Closing(**account.closing)
    )


def keep(space: Any, closing: Closing | None) -> None:
    """Keep a closing with the account, and find it by the day that it is due."""
    need_account(space).closing = None if closing is None else asdict(closing)
    found = _closings(space.__parent__, create=True)
    if closing is None:
        found.pop(space.getId(), None)
    else:
        found[space.getId()] = closing.due


def _closings(spaces: Any, create: bool = False) -> OOBTree:
    found = getattr(spaces.aq_base, _CLOSINGS, None)
    if found is None:
        found = OOBTree()
        if create:
            setattr(spaces.aq_base, _CLOSINGS, found)
    return found


def due_ids(spaces: Any, now: float) -> list[str]:
    """Return the ids of the spaces whose grace is over."""
    return [space_id for space_id, due in _closings(spaces).items() if due <= now]


def closing_ids(spaces: Any) -> Iterator[str]:
    """Give the ids of all spaces that are about to be erased."""
    return iter(_closings(spaces).keys())


def forget(spaces: Any, space_id: str) -> None:
    """Drop the closing of a space that is gone."""
    _closings(spaces).pop(space_id, None)


def close(
    space: Any,
    by: str = CITIZEN,
    actor: str | None = None,
    bundle: KeyBundle | None = None,
    session: Any = None,
) -> Closing:
    """Close a space: out of use at once, erased when the grace is over.

    ``bundle``: the opened keys, where its citizen is there; shares are then taken back
    cleanly. ``session``: the one that goes on. ``actor``: who of the staff, the current
    user if not given. Raises NotPossible.
    """
    if closing_of(space) is not None:
        raise NotPossible("closed already")
    if by == CITIZEN and state_of(space) != "accepted":
        raise NotPossible("not open")
    if by == ADMINISTRATION and "close" not in possible_actions(space):
        raise NotPossible("close")
    now = clock.now()
    closing = Closing(now, now + account_setting("closing_days") * DAY, by)
    notify(SpaceCloses(space, bundle))
    keep(space, closing)
    need_account(space).reset_hash = None
    _end_sessions(space, session)
    mine = by == CITIZEN
    remember(space, "closing", BY_CITIZEN if mine else actor)
    note(
        space,
        noted.CLOSED if mine else noted.CLOSED_BY_ADMINISTRATION,
        actor=SELF if mine else "administration:cub",
    )
    return closing


def may_take_back(space: Any, by: str = CITIZEN) -> bool:
    """Say whether a closing can be taken back: by who has closed, before the erasing."""
    closing = closing_of(space)
    return closing is not None and closing.by == by and not closing.begun


def take_back(space: Any, by: str = CITIZEN, actor: str | None = None) -> None:
    """Keep the space after all; what has ended at the closing stays ended.

    Raises NotPossible.
    """
    if not may_take_back(space, by):
        raise NotPossible("nothing to take back")
    if by == ADMINISTRATION and "close" not in possible_actions(space):
        raise NotPossible("close")
    keep(space, None)
    mine = by == CITIZEN
    remember(space, "closing_taken_back", BY_CITIZEN if mine else actor)
    note(
        space,
        noted.TAKEN_BACK if mine else noted.TAKEN_BACK_BY_ADMINISTRATION,
        actor=SELF if mine else "administration:cub",
    )


def _end_sessions(space: Any, kept: Any) -> None:
    from civisdata.content.citizens.current import session_service

    session_service().end_all(space.getId(), except_=kept)
