"""The page of a contact, its vCard, and the box of those who may change it."""

from civisdata.content import _
from civisdata.content.contacts.browser.base import ContactsView
from civisdata.content.contacts.card import phone_url
from civisdata.content.contacts.card import values_of
from civisdata.content.contacts.interfaces import NATIONAL
from civisdata.content.contacts.interfaces import PERSON
from civisdata.content.contacts.procedures import Procedure
from civisdata.content.contacts.procedures import procedure
from civisdata.content.contacts.schema_org import contact_data
from civisdata.content.contacts.vcard import CONTENT_TYPE
from civisdata.content.contacts.vcard import vcard
from civisdata.content.news.editing.guard import may_edit
from civisdata.content.news.editing.steps import steps_of
from civisdata.content.news.publisher import publisher_of
from civisdata.content.territory.schema_org import as_script
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from zExceptions import NotFound


STATES = {
    "draft": _("Draft: your colleagues and you alone see it"),
    "submitted": _("Waits for approval"),
    "published": _("Public"),
    "archived": _("Archived: no longer public"),
}

#: Transition → what is said when it is done.
DONE = {
    "submit": _("The contact is submitted for approval."),
    "publish": _("The contact is published."),
    "reject": _("The contact is sent back to its author."),
    "retract": _("The contact is a draft again: it is no longer public."),
    "archive": _("The contact is archived: it is no longer public."),
    "reopen": _("The contact is a draft again."),
}

_MAIN = ("publish", "submit", "reopen")


class ContactPage(ContactsView):
    """All that is public of a contact."""

    def __call__(self) -> str:
        if self.may_edit:
            self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

    @property
    def url(self) -> str:
        return self.context.absolute_url()

    @cached_property
    def values(self) -> dict:
        return values_of(self.context)

    @property
    def is_person(self) -> bool:
        return self.values["kind"] == PERSON

    @property
    def is_national(self) -> bool:
        return self.values["scope"] == NATIONAL

    @property
    def place(self) -> str:
        return self.names.get(publisher_of(self.context) or "", "")

    @property
    def phone_url(self) -> str:
        return phone_url(self.values["phone"])

    @property
    def website_name(self) -> str:
        return self.values["website"].removeprefix("https://").strip("/")

    def lines(self, name: str) -> list[str]:
        return [line for line in self.values[name].splitlines() if line.strip()]

    def procedures(self) -> list[Procedure]:
        """Return its procedures; those that nothing knows any more are left out."""
        found = (procedure(id) for id in self.values["procedures"])
        return [one for one in found if one is not None]

    @property
    def json_ld(self) -> str:
        place = "" if self.is_national else self.place
        return as_script(contact_data(self.values, self.url, place))

    # for those who may change it

    @cached_property
    def may_edit(self) -> bool:
        return may_edit(self.context)

    @property
    def may_write(self) -> bool:
        return api.user.has_permission("Modify portal content", obj=self.context)

    @property
    def state(self):
        return STATES[api.content.get_state(self.context)]

    @property
    def is_public(self) -> bool:
        return api.content.get_state(self.context) == "published"

    def steps(self) -> list[dict]:
        found = steps_of(self.context)
        main = next((name for name in _MAIN if name in found), None)
        return [
            {"name": name, "title": title, "main": name == main}
            for name, title in found.items()
        ]


class ContactStep(ContactsView):
    """Take a step of the publication; without POST, the way to the contact."""

    def __call__(self) -> str:
        if not may_edit(self.context):
            raise NotFound(self.__name__)
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            self._take(self.request.form.get("step"))
        self.request.response.redirect(self.context.absolute_url(), status=303)
        return ""

    def _take(self, name) -> None:
        if isinstance(name, str) and name in steps_of(self.context):
            api.content.transition(self.context, name)
            api.portal.show_message(DONE[name], self.request)
            return
        said = _("This is no longer possible: look at the state of the contact.")
        api.portal.show_message(said, self.request, type="error")


class VCard(ContactsView):
    """The contact for an address book: a vCard 4.0 to download."""

    def __call__(self) -> bytes:
        values = values_of(self.context)
        publisher = publisher_of(self.context) or ""
        national = values["scope"] == NATIONAL
        body = vcard(
            values,
            self.context.UID(),
            self.context.absolute_url(),
            "" if national else self.names.get(publisher, ""),
            self.context.modified().asdatetime(),
        )
        response = self.request.response
        response.setHeader("Content-Type", CONTENT_TYPE)
        name = f"{self.context.getId()}.vcf"
        response.setHeader("Content-Disposition", f'attachment; filename="{name}"')
        if api.content.get_state(self.context) != "published":
            response.setHeader("Cache-Control", "private, no-store")
        return body.encode()
