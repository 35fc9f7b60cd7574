"""Log-in and log-out for everybody, and the way into one's own space."""

from AccessControl.SecurityManagement import newSecurityManager
from Acquisition import aq_inner
from Acquisition import aq_parent
from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import accounts
from civisdata.content.citizens import sessions
from civisdata.content.citizens.browser.account_form import AccountForm
from civisdata.content.citizens.browser.account_form import landing_url
from civisdata.content.citizens.browser.account_form import no_store
from civisdata.content.citizens.browser.entering import ask_second_step
from civisdata.content.citizens.browser.entering import enter
from civisdata.content.citizens.cookies import may_log_in
from civisdata.content.citizens.guard import client_address
from civisdata.content.citizens.guard import limiter
from civisdata.content.citizens.keylife.helping import cancel_with_former_password
from civisdata.content.citizens.keylife.letters import CALL_CANCELLED
from civisdata.content.citizens.pas import end_session
from civisdata.content.citizens.passwords import is_citizen_login
from civisdata.content.citizens.passwords import normalise_login
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.structure import get_spaces
from plone import api
from urllib.parse import urlsplit


#: Pages that nobody is sent back to after the log-in.
_NOT_BACK = frozenset(
    "login logout login_form require_login logged-out mot-de-passe-oublie".split()  # noqa: SIM905
)


def safe_target(came_from: str, portal_url: str) -> str | None:
    """Return an address of this portal to go on to, or None.

    Only its form is judged, so that nobody learns which addresses exist.
    """
    if not came_from or len(came_from) > 1000 or "\\" in came_from:
        return None
    if any(ord(character) < 33 or ord(character) == 127 for character in came_from):
        return None
    try:
        wanted, portal = urlsplit(came_from), urlsplit(portal_url)
    except ValueError:
        return None
    if (wanted.scheme, wanted.netloc) not in (("", ""), portal[:2]):
        return None
    path = wanted.path or "/"
    root = portal.path.rstrip("/")
    if not path.startswith("/") or path.startswith("//"):
        return None
    if root and path != root and not path.startswith(root + "/"):
        return None
    if {part.removeprefix("@@") for part in path.split("/")} & _NOT_BACK:
        return None
    query = f"?{wanted.query}" if wanted.query else ""
    return f"{portal.scheme}://{portal.netloc}{path}{query}"


class Login(AccountForm):
    """One form for citizens and staff; nothing tells which names exist."""

    page_title = _("Log in")
    labels = {"login": _("Login"), "password": _("Password")}

    @property
    def came_from(self) -> str:
        return safe_target(self.typed("came_from"), self.portal_url) or ""

    def act(self, action: str) -> str:
        login = self.typed("login")
        if not login.strip() or not self.secret("password"):
            raise Refused(_("Please give your login and your password."), "")
        if is_citizen_login(normalise_login(login)):
            return self._citizen(login)
        return self._staff(login.strip())

    def _citizen(self, login: str) -> str:
        if not may_log_in(self.request):
            raise Refused(
                _(
                    "This connection is not protected (no https), so nobody's "
                    "documents are opened over it."
                )
            )
        spaces, client = get_spaces(api.portal.get()), client_address(self.request)
        password = self.secret("password")
        waits = limiter().wait(normalise_login(login), client)
        try:
            found = accounts.log_in(spaces, login, password, limiter(), client)
        except Refused as refusal:
            if not waits:
                self._cancel_call(spaces, login, password)
            raise Refused(refusal.message) from None
        space, bundle, target = found.space, found.bundle, self.came_from
        if found.state == sessions.SECOND:
            return self.redirect(ask_second_step(self.request, space, bundle, target))
        return self.redirect(enter(self.request, space, found.state, bundle, target))

    def _cancel_call(self, spaces, login: str, password: str) -> None:
        """Take a call for help back for who knows the password of before; Refused."""
        space = cancel_with_former_password(spaces, login, password)
        if space is None:
            return
        account_mail.write(space, CALL_CANCELLED)
        raise Refused(
            _(
                "This is your former password. The call to your trusted persons is "
                "cancelled. Choose a new password through « Forgotten password », then "
                "unlock your documents with the former one."
            )
        )

    def _staff(self, login: str) -> str:
        client = client_address(self.request)
        try:
            accounts.refuse_if_limited(limiter(), normalise_login(login), client)
        except Refused as refusal:
            raise Refused(refusal.message) from None
        portal = api.portal.get()
        for folder in (portal.acl_users, portal.getPhysicalRoot().acl_users):
            user = folder.authenticate(login, self.secret("password"), self.request)
            if user is not None:
                break
        else:
            raise Refused(_("Wrong log-in name or password."))
        end_session(self.request)
        newSecurityManager(self.request, user)
        self._post_login()
        return self.redirect(self.came_from or self.portal_url)

    def _post_login(self) -> None:
        """What Plone does once a person of the staff is known; ``@login`` calls it too.

        PlonePAS takes the password from the request's form.
        """
        form = self.request.form
        form.setdefault("__ac_password", self.secret("password"))
        try:
            api.portal.get_tool("portal_membership").loginUser(self.request)
            user = api.user.get_current().getUser()
            folder = aq_parent(aq_inner(user))
            if folder.getPhysicalPath() == ("", "acl_users"):
                folder.updateCredentials(
                    self.request,
                    self.request.response,
                    user.getUserName(),
                    form["__ac_password"],
                )
        finally:
            del form["__ac_password"]


class Logout(AccountForm):
    """Asks, then ends the session on the server; a link alone logs nobody out."""

    page_title = _("Log out")

    def prepare(self) -> str | None:
        if not self.posted and api.user.is_anonymous() and self.session is None:
            return self.portal_url
        return None

    def act(self, action: str) -> str:
        citizen = self.session is not None
        end_session(self.request)
        if not api.user.is_anonymous():
            api.portal.get_tool("portal_membership").logoutUser(self.request)
        self.request.response.setHeader("Clear-Site-Data", '"cache"')
        if citizen:
            self.say(_("You are logged out, and your documents are locked."))
        else:
            self.say(_("You are logged out."))
        return self.redirect(self.portal_url)


class MySpace(AccountForm):
    """``/@@mon-espace``: from anywhere to one's own space.

    The session's cookie doesn't come along with a link in a mail or on another site
    (SameSite=Strict): then this page offers to go on, and that link brings it.
    """

    page_title = _("My space")

    def prepare(self) -> str | None:
        if self.session is not None:
            return landing_url(self.session.user_id, self.session.state)
        if self.typed("suite"):
            return f"{self.portal_url}/@@login"
        return None


class SpacesRoot(MySpace):
    """The container of the spaces shows nothing of itself."""

    def prepare(self) -> str | None:
        return f"{self.portal_url}/@@mon-espace"


class NoPage(AccountForm):
    """In place of Plone's pages to set passwords, which aren't there for anybody."""

    def __call__(self) -> str:
        from zExceptions import NotFound

        no_store(self.request)
        raise NotFound(self.__name__)
