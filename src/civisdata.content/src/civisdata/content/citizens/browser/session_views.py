"""How long a session still lives: the note on each page, and its two services."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import sessions
from civisdata.content.citizens.browser.account_form import from_elsewhere
from civisdata.content.citizens.browser.account_form import LANDING
from civisdata.content.citizens.browser.account_form import no_store
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.current import current_session
from civisdata.content.citizens.dates import written_time
from civisdata.content.citizens.desk import depositing_places
from civisdata.content.citizens.desk import may_use_desk
from civisdata.content.citizens.settings import account_setting
from civisdata.content.citizens.structure import get_spaces
from plone import api
from Products.Five import BrowserView
from zExceptions import NotFound
import json


class SessionState(FormView):
    """``@@session-etat``: seconds left; looking at it isn't use of the session."""

    def __call__(self) -> str:
        no_store(self.request)
        response = self.request.response
        response.setHeader("Content-Type", "application/json")
        session = current_session(self.request)
        left = 0 if session is None else max(0, int(session.ends - clock.now()))
        return json.dumps({"seconds": left})


class SessionExtend(SessionState):
    """``@@session-prolonger``: a POST is use of the session, which then lives on."""

    def __call__(self) -> str:
        if not self.posted or from_elsewhere(self.request):
            self.request.response.setStatus(405 if not self.posted else 403)
            return ""
        if not self.token_is_valid():
            self.request.response.setStatus(403)
            return ""
        return super().__call__()


class SessionNote(FormView):
    """The note that says when the documents lock; the frame of pages calls ``note``."""

    def __call__(self) -> str:
        raise NotFound(self.__name__)

    @property
    def session(self) -> sessions.Session | None:
        return current_session(self.request)

    @property
    def locked(self) -> bool:
        return self.session.state == sessions.OPEN and self.session.locked

    @property
    def minutes(self) -> int:
        return account_setting("session_idle_minutes")

    @property
    def seconds(self) -> int:
        return max(0, int(self.session.ends - clock.now()))

    @property
    def ends(self) -> str:
        return written_time(self.session.ends)

    def note(self) -> str:
        if self.session is None or self.session.state == sessions.SECOND:
            return ""
        no_store(self.request)
        return self.index()


class AccountLinks(BrowserView):
    """What the frame of pages offers a citizen who is logged in."""

    def __call__(self) -> str:
        raise NotFound(self.__name__)

    def links(self) -> list[dict] | None:
        """Return links (url, title, primary); None for whoever has none of ours."""
        session = current_session(self.request)
        if session is None:
            return self._links_of_staff()
        no_store(self.request)
        portal_url = api.portal.get().absolute_url()
        space_url = f"{portal_url}/espaces/{session.user_id}"
        logout = {"url": f"{portal_url}/@@logout", "title": _("Log out")}
        if session.state != sessions.OPEN:
            title = _("Go on")
            url = space_url + LANDING[session.state]
            return [{"url": url, "title": title, "primary": True}, logout]
        return [
            {"url": space_url, "title": _("My space"), "primary": True},
            {"url": f"{space_url}/@@documents", "title": _("My documents")},
            {"url": f"{space_url}/@@mon-compte", "title": _("My account")},
            logout,
        ]

    def _links_of_staff(self) -> list[dict] | None:
        """Return the ways to the pages of the staff's work, for those who may use them."""
        portal = api.portal.get()
        spaces = get_spaces(portal)
        links = [
            {
                "url": f"{place.absolute_url()}/@@deposer",
                "title": _("Deposit documents"),
            }
            for place in depositing_places(portal, spaces)[:1]
        ]
        if may_use_desk(spaces):
            url = f"{spaces.absolute_url()}/@@registrations"
            links.insert(0, {"url": url, "title": _("Registrations")})
        if not links:
            return None
        no_store(self.request)
        logout = {"url": f"{portal.absolute_url()}/@@logout", "title": _("Log out")}
        return [*links, logout]
