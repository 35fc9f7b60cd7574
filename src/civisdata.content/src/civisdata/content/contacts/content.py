"""The content class of a contact."""

from civisdata.content.contacts.card import values_of
from civisdata.content.contacts.interfaces import IContact
from plone.dexterity.content import Item
from zope.interface import implementer


@implementer(IContact)
class Contact(Item):
    """A person or a service of the address book."""

    def Description(self) -> str:
        """Return what lists and search results say of it."""
        values = values_of(self)
        return ", ".join(part for part in (values["role"], values["service"]) if part)
