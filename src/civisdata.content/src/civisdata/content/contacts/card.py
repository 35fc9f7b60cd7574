"""What lists show of a contact, from the catalog alone: plain values, no object loaded."""

from Acquisition import aq_base
from civisdata.content.contacts.interfaces import LOCAL
from civisdata.content.contacts.interfaces import NATIONAL
from civisdata.content.contacts.interfaces import SERVICE
from dataclasses import dataclass


#: Fields of text of a contact, in the order of tables.
TEXTS = (
    *("role", "service", "phone", "email", "website"),
    *("address", "hours", "note"),
)


@dataclass(frozen=True)
class Card:
    """One contact as lists show it."""

    title: str
    url: str
    publisher: str
    national: bool
    kind: str = SERVICE
    role: str = ""
    service: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    hours: str = ""
    example: bool = False
    procedures: tuple[str, ...] = ()

    @property
    def subtitle(self) -> str:
        return ", ".join(part for part in (self.role, self.service) if part)

    @property
    def phone_url(self) -> str:
        return phone_url(self.phone)


def phone_url(phone: str | None) -> str:
    """Return the address that a telephone dials."""
    return "tel:" + "".join(sign for sign in phone or "" if sign in "+0123456789")


def values_of(contact) -> dict:
    """Return the values of a contact's fields, all of them plain; missing ones empty."""
    base = aq_base(contact)
    values = {name: getattr(base, name, None) or "" for name in TEXTS}
    return values | {
        "kind": getattr(base, "kind", None) or SERVICE,
        "scope": getattr(base, "scope", None) or LOCAL,
        "title": base.title or "",
        "procedures": tuple(getattr(base, "procedures", None) or ()),
        "example": bool(getattr(base, "example", False)),
    }


def card_of(brain) -> Card:
    """Return the card of a catalog brain."""
    stored = dict(brain.contact_card or {})
    national = stored.pop("scope", LOCAL) == NATIONAL
    stored.pop("note", None)
    stored["title"] = brain.Title
    return Card(
        url=brain.getURL(),
        publisher=brain.publisher or "",
        national=national,
        **stored,
    )
