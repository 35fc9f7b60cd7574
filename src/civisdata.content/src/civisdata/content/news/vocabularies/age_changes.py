"""Changes to the age brackets: plain values in and out."""

from civisdata.content import _
from civisdata.content.news.ages import Ages
from civisdata.content.news.vocabularies.changes import BadVocabulary
from collections.abc import Sequence
from dataclasses import dataclass


#: Brackets offered at a time; years of the oldest limit that makes sense.
MOST = 12
OLDEST = 120


class BadAges(BadVocabulary):
    """Brackets that can't be."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of one bracket that exists; ``youngest`` in years, None: no age."""

    id: str
    youngest: int | None
    offered: bool


def new_id(youngest: int, taken) -> str:
    """Return an id for a new bracket, unlike all that are or were."""
    base = f"from-{youngest}"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def changed(ages: Ages, wishes: Sequence[Wish], added: int | None = None) -> Ages:
    """Return the brackets as they are wanted; ``BadAges``.

    Ids stay for ever: a bracket that is no longer offered is retired, and may be offered
    again. Of a bracket without a wish nothing changes.
    """
    offered, retired = dict(ages.offered), dict(ages.retired)
    for wish in wishes:
        if wish.id not in offered and wish.id not in retired:
            continue
        former = offered.pop(wish.id, None)
        former = retired.pop(wish.id, former)
        if wish.offered:
            offered[wish.id] = _checked(wish.youngest)
        else:
            # The limit it had decides who inherits its people and its news.
            retired[wish.id] = former
    if added is not None:
        offered[new_id(added, {**offered, **retired})] = _checked(added)
    _check(offered)
    return Ages(offered, retired)


def _checked(youngest: int | None) -> int:
    if youngest is None or youngest > OLDEST:
        raise BadAges(_("An age is a whole number of years, 120 at most."))
    return youngest


def _check(offered: dict[str, int]) -> None:
    if not offered:
        raise BadAges(_("At least one age bracket has to be offered."))
    if len(offered) > MOST:
        raise BadAges(_("There are too many age brackets: 12 at most are offered."))
    if len(set(offered.values())) < len(offered):
        raise BadAges(_("Two age brackets begin at the same age."))
