"""``@@demarches-controlpanel``: the two-level list of procedures, and each procedure."""

from civisdata.content import _
from civisdata.content.contacts import procedure_list
from civisdata.content.contacts.browser.procedures import ProcedureTraverser
from civisdata.content.contacts.procedures import all_themes
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import procedure_titles
from civisdata.content.contacts.procedures import RECORD
from civisdata.content.contacts.procedures import write
from civisdata.content.territory import rules
from dataclasses import replace
from hashlib import sha256
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18nmessageid import Message
from zope.schema import ValidationError


REASONS = {
    "id": _(
        "${line}: begin with an identifier of small letters, digits and hyphens, then |."
    ),
    "title": _("${line}: give a title of at most 160 characters after |."),
    "twice": _("${line}: this identifier stands in two lines."),
    "theme": _("${line}: a procedure has to stand below a theme."),
    "empty": _("At least one theme with one procedure has to stay."),
    "too_many": _("There are too many lines."),
    "paper": _(
        "${line}: after the title come kinds of paper, separated by commas, then a "
        "number of months, each after |."
    ),
}

#: Fields of a procedure and the longest text of each.
TEXTS = {"summary": 400, "whom": 400, "link": rules.LONGEST_URL}


class ProceduresPanel(ProcedureTraverser, BrowserView):
    """The list as lines; ``/<id>``: what the page of a procedure says."""

    list_page = ViewPageTemplateFile("templates/panel.pt")
    one_page = ViewPageTemplateFile("templates/panel_one.pt")

    def __call__(self) -> str:
        self.errors: list[str] = []
        self.values = self._stored()
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            if self._save():
                message = _("The procedures are saved.")
                api.portal.show_message(message, self.request)
                self.request.response.redirect(self.url, status=303)
                return ""
            self.request.response.setStatus(400)
        return self.one_page() if self.procedure else self.list_page()

    @property
    def page_title(self):
        return self.procedure.title if self.procedure else _("Procedures")

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@demarches-controlpanel"

    @property
    def version(self) -> str:
        """What changes with each saving of the procedures."""
        return sha256(write(all_themes()).encode()).hexdigest()[:16]

    def themes(self):
        return [theme for theme in all_themes() if not theme.retired]

    def retired(self) -> list[Procedure]:
        """Procedures that are no longer offered, but that contacts may have."""
        return [
            found
            for theme in all_themes()
            for found in theme.procedures
            if found.retired
        ]

    def _stored(self) -> dict[str, str]:
        if self.procedure is None:
            return {"lines": procedure_list.to_lines(all_themes())}
        values = {name: getattr(self.procedure, name) for name in TEXTS}
        papers = procedure_list.papers_to_lines(self.procedure.papers)
        return values | {"papers": papers}

    def _save(self) -> bool:
        form, version = self.request.form, self.version
        for name in self.values:
            value = form.get(name)
            self.values[name] = value.strip() if isinstance(value, str) else ""
        if form.get("version") != version:
            self.errors.append(
                self._say(
                    _(
                        "Somebody else has changed the procedures meanwhile: compare "
                        "what you typed with what is there now, then save again."
                    )
                )
            )
            return False
        before = procedure_titles()
        try:
            after = self._changed()
        except procedure_list.BadLines as error:
            message = Message(REASONS[error.reason], mapping={"line": error.line})
            self.errors.append(self._say(message))
            return False
        if self.errors:
            return False
        api.portal.set_registry_record(RECORD, write(after))
        _index_anew(before)
        return True

    def _changed(self):
        if self.procedure is None:
            return procedure_list.apply_lines(all_themes(), self.values["lines"])
        texts = {name: " ".join(self.values[name].split()) for name in TEXTS}
        for name, longest in TEXTS.items():
            rule = rules.is_https if name == "link" else rules.is_text
            try:
                if len(texts[name]) > longest:
                    self.errors.append(self._say(_("This text is too long.")))
                elif texts[name]:
                    rule(texts[name])
            except ValidationError as error:
                self.errors.append(self._say(error.doc()))
        papers = procedure_list.papers_from_lines(self.values["papers"])
        changed = replace(self.procedure, **texts, papers=papers)
        return procedure_list.with_procedure(all_themes(), changed)

    def _say(self, message) -> str:
        return api.portal.translate(message)


def _index_anew(before: dict[str, str]) -> None:
    """Let contacts be found by the new titles of their procedures."""
    after = procedure_titles()
    renamed = [id for id, title in after.items() if before.get(id, title) != title]
    if not renamed:
        return
    catalog = api.portal.get_tool("portal_catalog")
    for brain in catalog.unrestrictedSearchResults(contact_procedures=renamed):
        contact = brain._unrestrictedGetObject()
        contact.reindexObject(idxs=["SearchableText"])
