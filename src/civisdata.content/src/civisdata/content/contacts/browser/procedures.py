"""``@@demarches`` and ``@@demarches/<id>``: what to do, whom to ask, which papers."""

from civisdata.content import _
from civisdata.content.citizens.current import current_space
from civisdata.content.contacts.addressbook import CUB
from civisdata.content.contacts.addressbook import Found
from civisdata.content.contacts.addressbook import search
from civisdata.content.contacts.browser.base import ContactsView
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import procedure
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


@implementer(IPublishTraverse)
class ProcedureTraverser:
    """Part of a view: the procedure that the path names after the view, if any."""

    procedure: Procedure | None = None

    def publishTraverse(self, request, name: str):
        found = procedure(name) if self.procedure is None else None
        if found is None:
            raise NotFound(name)
        self.procedure = found
        return self


class Procedures(ProcedureTraverser, ContactsView):
    """The list of all procedures, and the page of each."""

    list_page = ViewPageTemplateFile("templates/procedures.pt")
    one_page = ViewPageTemplateFile("templates/procedure.pt")
    page_description = _("Whom to ask, and which papers are needed.")

    def __call__(self) -> str:
        self.keep_private()
        return self.one_page() if self.procedure else self.list_page()

    @property
    def page_title(self):
        return self.procedure.title if self.procedure else _("Procedures")

    @property
    def url(self) -> str:
        return f"{self.portal_url}/@@demarches"

    @cached_property
    def found(self) -> Found:
        """Whom to ask: the contacts of the commune chosen, of the CUB, and national."""
        return search(
            procedure=self.procedure.id,
            commune=self.commune or CUB,
            start=self.start,
        )

    def page_url(self, start: int) -> str:
        return f"{self.url}/{self.procedure.id}?commune={self.commune}&debut={start}#contacts"

    @property
    def own_url(self) -> str | None:
        """The page with the papers that a logged-in citizen holds; None for others."""
        space = current_space(self.request)
        if space is None:
            return None
        return f"{space.absolute_url()}/@@mes-demarches/{self.procedure.id}"
