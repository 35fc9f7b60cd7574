"""Two registrations of one person (R42).

Keys are never put together: nobody could, without the person. « Joined » means: both say
which the other is. One whose space was never activated holds nothing and is ended; where
both are active, both stay open, and the person moves documents by sharing or by the
archive, then closes one.
"""

from civisdata.content.citizens import letters
from civisdata.content.citizens import registrations
from civisdata.content.citizens.accounts import is_active
from civisdata.content.citizens.interfaces import IPersonalSpace


#: States that can be joined.
STATES = frozenset({"pending", "accepted", "suspended"})


def same_as(space: IPersonalSpace) -> tuple[str, ...]:
    """Return the ids of the registrations that are the same person's."""
    return tuple(space._same_person)


def join(kept: IPersonalSpace, other: IPersonalSpace, actor: str | None = None) -> bool:
    """Say that two registrations are one person's; end ``other`` if it holds nothing.

    Returns whether it was ended. NotPossible where they are joined already, one of them
    is not live, or ``kept`` was never activated while ``other`` was.
    """
    if kept.getId() == other.getId() or other.getId() in kept._same_person:
        raise registrations.NotPossible("join")
    states = {registrations.state_of(space) for space in (kept, other)}
    if not states <= STATES or (is_active(other) and not is_active(kept)):
        raise registrations.NotPossible("join")
    for one, two in ((kept, other), (other, kept)):
        one._same_person = (*one._same_person, two.getId())
        registrations.write_line(one, "join", actor, two.getId())
    if is_active(other):
        return False
    _end(other, kept, actor)
    return True


def part(one: IPersonalSpace, two: IPersonalSpace, actor: str | None = None) -> None:
    """Take back that two registrations are one person's; what was ended stays so."""
    if two.getId() not in one._same_person:
        raise registrations.NotPossible("part")
    for here, there in ((one, two), (two, one)):
        here._same_person = tuple(id for id in here._same_person if id != there.getId())
        registrations.write_line(here, "part", actor, there.getId())


def _end(space: IPersonalSpace, kept: IPersonalSpace, actor: str | None) -> None:
    """End a registration whose space was never activated: closed, or refused."""
    if registrations.state_of(space) == "pending":
        letter = letters.SAME_PERSON
        registrations.refuse(space, kept.getId(), actor, letter=letter)
    else:
        registrations.close(space, actor)
        registrations.write_letter(space, letters.SAME_PERSON)
