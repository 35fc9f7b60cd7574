"""What the pages of the desk share."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.browser.forms import commune_choices
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.desk import may_manage
from civisdata.content.citizens.office.store import Office
from civisdata.content.citizens.office.store import office_of
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from zExceptions import Forbidden
from zExceptions import NotFound
from zope.i18nmessageid import Message


def shown_actor(actor: str) -> str:
    """Return who of staff did it: ids of the directory's people begin with its name."""
    return actor.rpartition(":")[2]


class DeskPage(FormView):
    """A page of the desk; nothing of it is kept by browsers or proxies."""

    error: Message | None = None

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        self.check_rights()
        if self.posted:
            CheckAuthenticator(self.request)
            if not self.may_act:
                raise Forbidden("registrations")
            done = self.act()
            if done is not None:
                return done
        return self.index()

    def check_rights(self) -> None:
        """Raise NotFound for whoever may not see the page; the desk's users may."""

    @property
    def may_act(self) -> bool:
        """Whether the user may send something."""
        return self.may_manage

    def act(self) -> str | bytes | None:
        """Do what was sent; None where the page is to be shown."""
        raise NotFound("action")

    @cached_property
    def may_manage(self) -> bool:
        return may_manage(self.context)

    @property
    def catalog(self):
        return registrations.catalog_of(self.context)

    @property
    def office(self) -> Office:
        return office_of(self.context)

    @property
    def me(self) -> str:
        return api.user.get_current().getId() or ""

    @property
    def base_url(self) -> str:
        return self.context.absolute_url()

    @property
    def list_url(self) -> str:
        return f"{self.base_url}/@@registrations"

    @cached_property
    def all_communes(self) -> dict[str, str]:
        choices = commune_choices(api.portal.get())
        return {slug: commune.name for slug, commune in choices.items()}

    def refuse_with(self, message: Message, status: int = 409) -> None:
        """Show the page again, with what is wrong."""
        self.error = message
        self.request.response.setStatus(status)

    def say(self, message: Message, kind: str = "info") -> None:
        api.portal.show_message(message, self.request, kind)


class ManagersPage(DeskPage):
    """A page for those alone who manage registrations; to others it is not there."""

    def check_rights(self) -> None:
        if not self.may_manage:
            raise NotFound("registrations")
