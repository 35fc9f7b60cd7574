"""The content tree of the territory: publishers and their sections."""

from civisdata.content.territory.data import communes
from plone import api
from plone.dexterity.content import DexterityContent


#: Sections of each publisher: id and title (content, so in French).
SECTIONS = (
    ("actualites", "Actualités"),
    ("documents", "Documents"),
    ("contacts", "Contacts"),
)


def create_publisher(
    container: DexterityContent, portal_type: str, id: str, title: str, **fields
) -> DexterityContent:
    """Create a publisher with its sections, all of them published; return it."""
    publisher = api.content.create(
        container=container, type=portal_type, id=id, title=title, **fields
    )
    api.content.transition(publisher, "publish")
    for section_id, section_title in SECTIONS:
        section = api.content.create(
            container=publisher, type="Folder", id=section_id, title=section_title
        )
        api.content.transition(section, "publish")
    return publisher


def create_territory(site: DexterityContent) -> None:
    """Create the CUB and its communes in ``site``; what exists is left alone."""
    if "cub" not in site:
        create_publisher(site, "Cub", "cub", "Communauté urbaine de Bordeaux")
    if "communes" not in site:
        folder = api.content.create(
            container=site, type="Communes", id="communes", title="Communes"
        )
        api.content.transition(folder, "publish")
    for commune in communes():
        if commune.slug not in site["communes"]:
            create_publisher(
                site["communes"],
                "Commune",
                commune.slug,
                commune.name,
                insee_code=commune.insee_code,
                postal_codes=commune.postal_codes,
            )
