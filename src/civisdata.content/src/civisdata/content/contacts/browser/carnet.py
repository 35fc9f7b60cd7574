"""``@@carnet``: the address book, by procedure, by commune, by free text."""

from civisdata.content import _
from civisdata.content.contacts.addressbook import Found
from civisdata.content.contacts.addressbook import search
from civisdata.content.contacts.browser.base import ContactsView
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import procedure
from civisdata.content.news.publisher import publisher_of
from functools import cached_property
from plone import api
from Products.Five import BrowserView
from urllib.parse import urlencode
from zExceptions import NotFound


class ContactsList(BrowserView):
    """Macros with lists of contacts; not a page of its own."""

    def __call__(self) -> None:
        raise NotFound(self.__name__)


class Carnet(ContactsView):
    """« À qui s’adresser ? »: a form and its results; themes before anything is asked."""

    page_title = _("Whom to ask?")
    page_description = _(
        "The address book of the communes, of the CUB and of national services, by "
        "procedure."
    )

    def __call__(self) -> str:
        self.keep_private()
        return self.index()

    @property
    def url(self) -> str:
        return f"{self.portal_url}/@@carnet"

    @property
    def wanted(self) -> str:
        return self.text("q")

    @cached_property
    def procedure(self) -> Procedure | None:
        return procedure(self.text("demarche"))

    @cached_property
    def theme(self):
        """The theme whose procedures are listed, or None for all."""
        asked = self.text("theme")
        return next((theme for theme in self.themes() if theme.id == asked), None)

    @property
    def asked(self) -> bool:
        """Whether something is looked for."""
        chosen = "commune" in self.request.form and self.commune
        return bool(self.wanted or self.procedure or chosen)

    @cached_property
    def found(self) -> Found:
        return search(
            self.wanted,
            self.procedure.id if self.procedure else None,
            self.commune or None,
            start=self.start,
        )

    def page_url(self, start: int) -> str:
        query = {
            "q": self.wanted,
            "demarche": self.procedure.id if self.procedure else "",
            "commune": self.commune,
            "debut": start or "",
        }
        return f"{self.url}?{urlencode({k: v for k, v in query.items() if v or k == 'commune'})}"


class ContactsSection(ContactsView):
    """The contacts of one publisher: view of its folder ``contacts``."""

    @property
    def wanted(self) -> str:
        return self.text("q")

    @property
    def url(self) -> str:
        return self.context.absolute_url()

    @property
    def publisher(self) -> str:
        return publisher_of(self.context) or ""

    @cached_property
    def found(self) -> Found:
        return search(self.wanted, publisher=self.publisher or "-", start=self.start)

    def page_url(self, start: int) -> str:
        query = {"q": self.wanted, "debut": start or ""}
        query = {name: value for name, value in query.items() if value}
        return f"{self.url}?{urlencode(query)}" if query else self.url

    @property
    def drafts(self) -> list:
        """What is not public yet or no longer, for those who write here."""
        if not self.may_add:
            return []
        return api.content.find(
            context=self.context,
            portal_type="Contact",
            review_state=["draft", "submitted", "archived"],
            sort_on="sortable_title",
            sort_limit=100,
        )

    @cached_property
    def may_add(self) -> bool:
        return api.user.has_permission("Add portal content", obj=self.context)

    @cached_property
    def may_manage(self) -> bool:
        return api.user.has_permission(
            "civisdata.content: Manage contacts", obj=self.context
        )

    @property
    def add_url(self) -> str:
        return f"{self.url}/++add++Contact"

    @property
    def publisher_url(self) -> str:
        return self.context.__parent__.absolute_url()
