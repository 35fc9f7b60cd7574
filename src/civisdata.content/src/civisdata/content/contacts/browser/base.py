"""What the pages of the address book have in common."""

from civisdata.content.citizens.current import current_space
from civisdata.content.contacts.card import Card
from civisdata.content.contacts.procedures import themes
from civisdata.content.numbers import whole_number
from civisdata.content.territory.data import communes
from civisdata.content.territory.directory import CommuneRow
from civisdata.content.territory.directory import directory
from civisdata.content.territory.directory import publisher_names
from functools import cached_property
from plone import api
from Products.Five import BrowserView


class ContactsView(BrowserView):
    """A page that shows contacts; ``commune`` is the one chosen, else the citizen's."""

    def text(self, name: str, longest: int = 200) -> str:
        value = self.request.form.get(name, "")
        return " ".join(value.split())[:longest] if isinstance(value, str) else ""

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    @property
    def start(self) -> int:
        return whole_number(self.request.form.get("debut"), 100_000) or 0

    @cached_property
    def communes(self) -> list[CommuneRow]:
        return directory()

    @cached_property
    def names(self) -> dict[str, str]:
        return publisher_names()

    @cached_property
    def own_commune(self) -> str:
        """The commune of the logged-in citizen; empty for others."""
        space = current_space(self.request)
        if space is None:
            return ""
        known = {row.insee_code: row.slug for row in communes()}
        return known.get(space.commune, space.commune) or ""

    @cached_property
    def commune(self) -> str:
        """The URL name of the commune asked for; empty for all of them."""
        slugs = {row.slug for row in self.communes}
        if "commune" not in self.request.form:
            return self.own_commune if self.own_commune in slugs else ""
        wanted = self.text("commune")
        return wanted if wanted in slugs else ""

    @property
    def commune_name(self) -> str:
        return self.names.get(self.commune, "")

    def themes(self):
        return themes()

    def place_of(self, card: Card) -> str:
        """Whose contact it is; nothing for those of the whole country."""
        return "" if card.national else self.names.get(card.publisher, "")

    def keep_private(self) -> None:
        """Keep a page that knows the citizen out of shared caches."""
        if self.own_commune:
            self.request.response.setHeader("Cache-Control", "private, no-store")
