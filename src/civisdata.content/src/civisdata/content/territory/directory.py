"""The list of the communes, as pages show it."""

from civisdata.content.territory.finding import plain
from civisdata.content.territory.interfaces import ICommune
from dataclasses import dataclass
from plone import api


@dataclass(frozen=True)
class CommuneRow:
    """One commune of the list."""

    slug: str
    name: str
    url: str
    postal_codes: tuple[str, ...]
    participating: bool
    insee_code: str = ""


def directory(site=None) -> list[CommuneRow]:
    """Return the communes that the current user may see, in the order of their names.

    One that was merged into another is no longer among them.
    """
    folder = (site or api.portal.get()).get("communes")
    if folder is None:
        return []
    base = folder.absolute_url()
    rows = [
        CommuneRow(
            slug=commune.getId(),
            name=commune.title,
            url=f"{base}/{commune.getId()}",
            postal_codes=tuple(commune.postal_codes or ()),
            participating=bool(commune.participating),
            insee_code=commune.insee_code or "",
        )
        for commune in folder.objectValues()
        if ICommune.providedBy(commune)
        and not commune.successor
        and api.user.has_permission("View", obj=commune)
    ]
    return sorted(rows, key=lambda row: plain(row.name))


def publisher_names(site=None) -> dict[str, str]:
    """Return the title of each publisher by its id, former communes included."""
    site = site or api.portal.get()
    folder = site.get("communes")
    names = {
        commune.getId(): commune.title
        for commune in (() if folder is None else folder.objectValues())
        if ICommune.providedBy(commune) and commune.successor
    }
    names |= {row.slug: row.name for row in directory(site)}
    cub = site.get("cub")
    if cub is not None:
        names[cub.getId()] = cub.title
    return names
