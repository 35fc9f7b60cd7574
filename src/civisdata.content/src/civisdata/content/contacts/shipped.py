"""Contacts that every portal begins with, and examples for one that is being tried.

Shipped are national services whose numbers and sites are certain. Nothing is invented: an
example has no telephone number and no address.
"""

from civisdata.content.contacts.interfaces import NATIONAL
from civisdata.content.contacts.interfaces import SERVICE
from civisdata.content.territory.names import of
from importlib.resources import files
from plone import api
from plone.dexterity.utils import createContentInContainer
from Products.CMFCore.indexing import processQueue
import json


#: Procedures for which one turns to the mairie.
_MAIRIE = (
    *("naissance", "mariage-pacs", "acte-etat-civil", "liste-electorale"),
    *("inscription-ecole", "cantine", "declaration-travaux", "permis-construire"),
)


def _publish(section, id: str, **values) -> None:
    if id in section:
        return
    values = {"kind": SERVICE, **values}
    values["procedures"] = tuple(values["procedures"])
    item = createContentInContainer(
        section, "Contact", checkConstraints=False, id=id, **values
    )
    api.content.transition(item, "publish")


def create_contacts(site) -> None:
    """Publish the national contacts in ``site``; those that exist are left alone."""
    text = (
        files("civisdata.content.contacts").joinpath("contacts.json").read_text("utf-8")
    )
    for row in json.loads(text):
        _publish(site["cub"]["contacts"], scope=NATIONAL, **row)
    # Indexed now, while the types of this site are at hand.
    processQueue()


def create_example_contacts(site) -> None:
    """Publish one contact for each commune, marked as an example."""
    for commune in site["communes"].objectValues():
        section = commune.get("contacts")
        if section is None:
            continue
        _publish(
            section,
            "accueil-de-la-mairie",
            title=f"Accueil de la mairie {of(commune.title)}",
            role="Première orientation vers le bon service",
            service=f"Mairie, {commune.title}",
            website=getattr(commune, "website", None),
            note="Les coordonnées de la mairie sont à compléter par ses agents.",
            procedures=_MAIRIE,
            example=True,
        )
