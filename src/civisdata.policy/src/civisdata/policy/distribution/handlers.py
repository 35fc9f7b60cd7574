"""Last step of the creation of a site."""

from civisdata.content.citizens.setup import install_plugins
from civisdata.content.citizens.structure import create_spaces
from civisdata.content.contacts.shipped import create_contacts
from civisdata.content.contacts.shipped import create_example_contacts
from civisdata.content.territory.structure import create_territory
from civisdata.policy.distribution.example import create_examples
from civisdata.policy.distribution.pages import create_pages
from civisdata.policy.documents.setup import set_up_documents
from civisdata.policy.roles.setup import set_up_staff
from plone.distribution.core import Distribution
from Products.CMFPlone.Portal import PloneSite


def set_up(site: PloneSite) -> None:
    """Create what every portal has; what exists is left alone."""
    create_territory(site)
    create_contacts(site)
    create_spaces(site)
    install_plugins(site)
    set_up_staff(site)
    create_pages(site)
    set_up_documents(site)


def post_handler(
    distribution: Distribution, site: PloneSite, answers: dict
) -> PloneSite:
    """Set the new site up, with example content where it was asked for."""
    set_up(site)
    if answers.get("setup_content"):
        create_examples(site)
        create_example_contacts(site)
    return site
