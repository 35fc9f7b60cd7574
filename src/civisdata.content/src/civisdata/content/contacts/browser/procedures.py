"""``@@demarches`` and ``@@demarches/<id>``: what to do, whom to ask, which papers."""

from civisdata.content import _
from civisdata.content.citizens.current import current_space
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import procedure
from civisdata.content.contacts.procedures import themes
from plone import api
from Products.Five.browser import BrowserView
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


class Procedures(ProcedureTraverser, BrowserView):
    """The list of all procedures, and the page of each."""

    list_page = ViewPageTemplateFile("templates/procedures.pt")
    one_page = ViewPageTemplateFile("templates/procedure.pt")
    page_description = _("Whom to ask, and which papers are needed.")

    def __call__(self) -> str:
        return self.one_page() if self.procedure else self.list_page()

    @property
    def page_title(self):
        return self.procedure.title if self.procedure else _("Procedures")

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@demarches"

    def themes(self):
        return themes()

    @property
    def own_url(self) -> str | None:
        """The page with the papers that a logged-in citizen holds; None for others."""
        space = current_space(self.request)
        if space is None:
            return None
        return f"{space.absolute_url()}/@@mes-demarches/{self.procedure.id}"
