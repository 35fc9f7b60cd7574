"""What a citizen chooses of how the own space looks: order, colour, density, display.

Kept with the space as a mapping of plain values; what isn't known (any more) counts as
not chosen, so that a block or an accent may go without leaving a trace.
"""

from civisdata.theme.accents import ACCENTS
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from typing import Any


SCHEMES = ("", "light", "dark")
DENSITIES = ("", "compact")
#: More blocks than this aren't kept: an archive may hold anything.
MAX_BLOCKS = 50
_CHOICES = {
    "accent": ("", *ACCENTS),
    "density": DENSITIES,
    "scheme": SCHEMES,
}


@dataclass(frozen=True)
class Look:
    """``order``: ids of blocks; empty texts: as the charter and the device have it."""

    order: tuple[str, ...] = ()
    accent: str = ""
    density: str = ""
    scheme: str = ""


def known_look(values: Any) -> Look:
    """Read a look out of a mapping; what isn't known in it is left out. ValueError."""
    if not isinstance(values, dict):
        raise ValueError("a look is a mapping")
    found = {
        name: values[name]
        for name, known in _CHOICES.items()
        if isinstance(values.get(name), str) and values[name] in known
    }
    order = values.get("order", ())
    if not isinstance(order, list | tuple):
        raise ValueError("an order is a list")
    ids = (id for id in order if isinstance(id, str) and 0 < len(id) <= 80)
    return Look(order=tuple(dict.fromkeys(ids))[:MAX_BLOCKS], **found)


def look_of(space) -> Look:
    """Return what was chosen for a space."""
    return Look() if space._look is None else known_look(space._look)


def keep_look(space, look: Look) -> bool:
    """Keep a look with the space; say whether anything changes, else write nothing."""
    look = known_look(plain(look))
    if look == look_of(space):
        return False
    space._look = None if look == Look() else plain(look)
    return True


def plain(look: Look) -> dict[str, Any]:
    """Return a look as plain values."""
    values = {field.name: getattr(look, field.name) for field in fields(look)}
    return {**values, "order": list(look.order)}


def arranged(chosen: Iterable[str], offered: Iterable[str]) -> list[str]:
    """Return the offered ids in the order chosen.

    One that wasn't offered when the order was chosen keeps its place behind the one that
    it follows by default.
    """
    offered = list(offered)
    result = [id for id in chosen if id in offered]
    for place, id in enumerate(offered):
        if id in result:
            continue
        before = offered[place - 1] if place else None
        result.insert(result.index(before) + 1 if before in result else 0, id)
    return result


def moved(order: list[str], id: str, step: int) -> list[str]:
    """Return the order with one id moved by ``step`` places, as far as there are any."""
    if id not in order:
        return list(order)
    rest = [other for other in order if other != id]
    rest.insert(max(0, min(len(rest), order.index(id) + step)), id)
    return rest


def with_order(look: Look, order: Iterable[str], offered: Iterable[str]) -> Look:
    """Return the look with another order; the default order is kept as none."""
    offered = list(offered)
    wanted = arranged(order, offered)
    return replace(look, order=() if wanted == offered else tuple(wanted))
