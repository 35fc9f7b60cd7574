"""The list of the communes, as pages show it."""

from civisdata.content.territory.interfaces import ICommune
from dataclasses import dataclass
from plone import api
import re
import unicodedata


@dataclass(frozen=True)
class CommuneRow:
    """One commune of the list."""

    slug: str
    name: str
    url: str
    postal_codes: tuple[str, ...]
    participating: bool


def plain(text: str) -> str:
    """Return ``text`` without accents, case and punctuation, for comparisons."""
    letters = unicodedata.normalize("NFD", text)
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()


def directory(site=None) -> list[CommuneRow]:
    """Return the communes that the current user may see, in the order of their names."""
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
        )
        for commune in folder.objectValues()
        if ICommune.providedBy(commune) and api.user.has_permission("View", obj=commune)
    ]
    return sorted(rows, key=lambda row: plain(row.name))


def matching(rows: list[CommuneRow], wanted: str) -> list[CommuneRow]:
    """Return the rows whose name or a postal code contains ``wanted``."""
    needle = plain(wanted)
    return [
        row for row in rows if needle in plain(" ".join((row.name, *row.postal_codes)))
    ]


def publisher_names(site=None) -> dict[str, str]:
    """Return the title of each publisher by its id."""
    site = site or api.portal.get()
    names = {row.slug: row.name for row in directory(site)}
    cub = site.get("cub")
    if cub is not None:
        names[cub.getId()] = cub.title
    return names
