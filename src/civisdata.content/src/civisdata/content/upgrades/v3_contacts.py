"""To version 3: the address book, with its record, its sections and national contacts."""

from civisdata.content.contacts.procedures import RECORD
from civisdata.content.contacts.shipped import create_contacts
from civisdata.content.territory.interfaces import IPublisher
from plone import api
from plone.registry import field
from plone.registry import Record
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging


logger = logging.getLogger(__name__)

LAYOUT = "section-contacts"


def set_up_contacts(tool: SetupTool) -> None:
    """Add the record of procedures, show sections as lists of contacts, fill an empty book.

    A section whose layout somebody has chosen keeps it; a portal with contacts gets none.
    """
    registry, site = getUtility(IRegistry), api.portal.get()
    if RECORD not in registry.records:
        title = "Procedures as webmasters have changed them, as JSON"
        registry.records[RECORD] = Record(field.Text(title=title, required=False))
    communes = site.get("communes")
    towns = communes.objectValues() if communes is not None else ()
    for publisher in (site.get("cub"), *towns):
        if not IPublisher.providedBy(publisher):
            continue
        section = publisher.get("contacts")
        if section is not None and section.getLayout() == "section":
            section.setLayout(LAYOUT)
    catalog = api.portal.get_tool("portal_catalog")
    known = catalog.unrestrictedSearchResults(portal_type="Contact", sort_limit=1)
    cub = site.get("cub")
    if not known and cub is not None and "contacts" in cub:
        create_contacts(site)
    logger.info("civisdata.content: the address book")
