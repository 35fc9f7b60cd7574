"""What the catalog knows of contacts, so that a page of the address book is one query."""

from Acquisition import aq_chain
from Acquisition import aq_inner
from civisdata.content.contacts.card import values_of
from civisdata.content.contacts.interfaces import IContact
from civisdata.content.contacts.interfaces import NATIONAL
from civisdata.content.contacts.procedures import procedure_titles
from civisdata.content.news.publisher import publisher_of
from civisdata.content.territory.directory import plain
from civisdata.content.territory.interfaces import IPublisher
from plone.indexer import indexer
import re


#: ``contact_for`` of what is there for everybody. No publisher's id looks like it.
EVERYBODY = "*"


@indexer(IContact)
def contact_for(contact) -> list[str]:
    """Index: whose inhabitants it is for; a publisher's id, or everybody."""
    if values_of(contact)["scope"] == NATIONAL:
        return [EVERYBODY]
    found = publisher_of(contact)
    return [found] if found else []


@indexer(IContact)
def contact_procedures(contact) -> list[str]:
    """Index: the ids of its procedures."""
    return list(values_of(contact)["procedures"])


@indexer(IContact)
def contact_card(contact) -> dict:
    """Metadata: what lists show."""
    values = values_of(contact)
    del values["title"]
    return values


@indexer(IContact)
def searchable_text(contact) -> str:
    """Index: all its words, with the names of its procedures and of its publisher."""
    values, titles = values_of(contact), procedure_titles()
    places = [
        place.title
        for place in aq_chain(aq_inner(contact))
        if IPublisher.providedBy(place)
    ]
    names = ("title", "role", "service", "address", "note", "email", "phone")
    words = [
        *(values[name] for name in names),
        *(titles.get(id, "") for id in values["procedures"]),
        *places,
        re.sub(r"[^0-9]", "", values["phone"]),
    ]
    return plain(" ".join(words))
