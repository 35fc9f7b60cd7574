"""Where contacts are in a portal: what the plan asks for, and what it leads to."""

from Acquisition import aq_base
from civisdata.content.contacts.card import values_of
from civisdata.content.contacts.exchange import table
from civisdata.content.contacts.exchange.plan import ADDED
from civisdata.content.contacts.exchange.plan import CHANGED
from civisdata.content.contacts.exchange.plan import DEFAULTS
from civisdata.content.contacts.exchange.plan import Line
from civisdata.content.contacts.exchange.plan import TAKEN
from civisdata.content.contacts.exchange.plan import WRITTEN
from civisdata.content.contacts.interfaces import IContact
from civisdata.content.contacts.procedures import procedure_titles
from civisdata.content.territory.directory import plain
from civisdata.content.territory.interfaces import IPublisher
from plone import api
from plone.dexterity.utils import createContentInContainer
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent


MANAGE = "civisdata.content: Manage contacts"
NATIONAL = "civisdata.content: Manage communes"

#: What a published contact is called in a table, and the other states.
STATES = {
    "draft": "brouillon",
    "submitted": "proposé",
    "published": "publié",
    "archived": "archivé",
}


def publishers_at(place) -> list:
    """Return the publishers at a place: itself, or all of a portal."""
    if IPublisher.providedBy(place):
        return [place]
    communes = place.get("communes")
    towns = communes.objectValues() if communes is not None else ()
    return [
        found for found in (place.get("cub"), *towns) if IPublisher.providedBy(found)
    ]


class PortalShelves:
    """The contacts of the publishers at a place that the current user manages."""

    def __init__(self, place) -> None:
        may = api.user.has_permission
        self._places = {
            found.getId(): found
            for found in publishers_at(place)
            if may(MANAGE, obj=found)
        }
        self.publishers = {
            key: id
            for id, found in self._places.items()
            for key in (plain(id), plain(found.title))
        }
        self.national = frozenset(
            id for id, found in self._places.items() if may(NATIONAL, obj=found)
        )
        self.procedures = frozenset(procedure_titles())

    def values(self, publisher: str, id: str) -> object:
        section = self._section(publisher)
        if section is None:
            return TAKEN
        found = section.get(id)
        if found is None:
            return TAKEN if hasattr(aq_base(section), id) else None
        return values_of(found) if IContact.providedBy(found) else TAKEN

    def _section(self, publisher: str):
        return self._places[publisher].get("contacts")

    def apply(self, lines: list[Line], publish: bool) -> None:
        """Add and change what a plan says; wrong lines are left alone.

        Who may do so was asked when the plan was made, for each publisher.
        """
        for line in lines:
            if line.status not in (ADDED, CHANGED):
                continue
            section = self._section(line.publisher)
            with api.env.adopt_roles(["Manager"]):
                if line.status == ADDED:
                    _add(section, line, publish)
                else:
                    _change(section[line.id], line)

    def rows(self) -> list[dict[str, str]]:
        """Return all these contacts as rows of a table, from the catalog alone."""
        catalog = api.portal.get_tool("portal_catalog")
        brains = catalog.unrestrictedSearchResults(
            portal_type="Contact",
            publisher=sorted(self._places),
            sort_on="sortable_title",
        )
        rows = [_row(brain) for brain in brains]
        return sorted(rows, key=lambda row: row["publisher"])


def _add(section, line: Line, publish: bool) -> None:
    item = createContentInContainer(
        section,
        "Contact",
        checkConstraints=False,
        id=line.id,
        **{**DEFAULTS, **line.changes},
    )
    if publish:
        api.content.transition(item, "publish")


def _change(contact, line: Line) -> None:
    for name, value in line.changes.items():
        setattr(contact, name, value)
    notify(ObjectModifiedEvent(contact))


def _row(brain) -> dict[str, str]:
    card = {**brain.contact_card}
    for name in ("kind", "scope", "example"):
        card[name] = WRITTEN[card[name]]
    row = card | {
        "id": brain.getId,
        "publisher": brain.publisher or "",
        "title": brain.Title,
        "procedures": ", ".join(card["procedures"]),
        "state": STATES.get(brain.review_state, ""),
    }
    return {name: row[name] for name in table.COLUMNS}
