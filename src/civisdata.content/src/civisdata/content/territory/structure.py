"""The content tree of the territory: publishers and their sections."""

from civisdata.content.territory.data import communes
from plone import api
from plone.dexterity.content import DexterityContent
from plone.dexterity.utils import createContentInContainer


#: Sections of each publisher: id and title (content, so in French).
SECTIONS = (
    ("actualites", "Actualités"),
    ("documents", "Documents"),
    ("contacts", "Contacts"),
)

#: How each section is shown.
SECTION_LAYOUTS = {
    "actualites": "section-news",
    "documents": "section",
    "contacts": "section-contacts",
}


def create_published(
    container: DexterityContent, portal_type: str, id: str, title: str, **fields
) -> DexterityContent:
    """Create one item of the fixed tree, which nobody may add by hand; return it."""
    item = createContentInContainer(
        container, portal_type, checkConstraints=False, id=id, title=title, **fields
    )
    api.content.transition(item, "publish")
    return item


def create_publisher(
    container: DexterityContent, portal_type: str, id: str, title: str, **fields
) -> DexterityContent:
    """Create a publisher with its sections, all of them published; return it."""
    publisher = create_published(container, portal_type, id, title, **fields)
    for section_id, section_title in SECTIONS:
        section = create_published(publisher, "Folder", section_id, section_title)
        section.setLayout(SECTION_LAYOUTS[section_id])
    return publisher


def create_territory(site: DexterityContent) -> None:
    """Create the CUB and its communes in ``site``; what exists is left alone."""
    if "cub" not in site:
        create_publisher(site, "Cub", "cub", "Communauté urbaine de Bordeaux")
    if "communes" not in site:
        create_published(site, "Communes", "communes", "Communes")
    for commune in communes():
        if commune.slug not in site["communes"]:
            create_publisher(
                site["communes"],
                "Commune",
                commune.slug,
                commune.name,
                insee_code=commune.insee_code,
                postal_codes=commune.postal_codes,
                **commune.known,
            )


def fill_in_known(site: DexterityContent) -> int:
    """Give communes the shipped data that they lack; return how many got some.

    What somebody has written stays. The number of inhabitants, its year and its source
    are one thing.
    """
    filled = 0
    for commune in communes():
        stored = site["communes"].get(commune.slug)
        if stored is None:
            continue
        known = dict(commune.known)
        if stored.population is not None:
            known = {k: v for k, v in known.items() if not k.startswith("population")}
        known = {
            name: value
            for name, value in known.items()
            if name.startswith("population") or not getattr(stored, name)
        }
        for name, value in known.items():
            setattr(stored, name, value)
        filled += bool(known)
    return filled
