"""The content class of a contact."""

from civisdata.content.contacts.interfaces import IContact
from plone.dexterity.content import Item
from zope.interface import implementer


@implementer(IContact)
class Contact(Item):
    """A person or a service of the address book."""

    def Description(self) -> str:
        """Return what lists and search results say of it."""
        return ", ".join(part for part in (self.role, self.service) if part)
