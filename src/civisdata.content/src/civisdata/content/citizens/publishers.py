"""Who may be allowed to put documents into a space: the CUB, communes, télé-services.

Rooms that know of more publishers than the territory's name them with ``add_source``.
"""

from Acquisition import aq_base
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.names import town_title
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
import re


CUB = "cub"
COMMUNE = "commune"
SERVICE = "service"


@dataclass(frozen=True)
class Publisher:
    """A publisher as citizens know it; who isn't ``active`` can deposit nothing."""

    id: str
    title: str
    kind: str = SERVICE
    active: bool = True

    @property
    def by(self) -> str:
        """The title as it stands after « par »: « la Ville de Bègles »."""
        if re.match(r"(Ville|Communauté|Métropole) ", self.title):
            return f"la {self.title}"
        return self.title


Source = Callable[[object], Iterable[Publisher]]
_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Add a function that gives a site's further publishers; a room does so once."""
    if source not in _sources:
        _sources.append(source)


def publishers(site) -> dict[str, Publisher]:
    """Give all publishers of a site by id: the CUB, communes by name, télé-services."""
    found = []
    cub = site.get("cub")
    if cub is not None:
        found.append(Publisher(cub.getId(), cub.title, CUB))
    folder = site.get("communes")
    towns = [] if folder is None else folder.objectValues()
    found += [
        Publisher(
            town.getId(), town_title(town.title), COMMUNE, bool(town.participating)
        )
        for town in sorted(towns, key=lambda town: town.getId())
        # Names with a dot are those of télé-services.
        if ICommune.providedBy(town) and "." not in town.getId()
    ]
    for source in _sources:
        found += source(site)
    by_id: dict[str, Publisher] = {}
    for publisher in found:
        # Nobody becomes another publisher by a commune or partner of the same name.
        by_id.setdefault(publisher.id, publisher)
    return by_id


def publisher_at(site, place) -> Publisher | None:
    """Give the publisher that a place is; None for another place of such an id."""
    publisher = publishers(site).get(place.getId())
    if publisher is None or publisher.kind == SERVICE:
        return None
    home = site if publisher.kind == CUB else site["communes"]
    known = home.get(publisher.id)
    return publisher if aq_base(place) is aq_base(known) else None
