"""What the pages of accounts share: refusals, sessions, answers that nobody caches."""

from civisdata.content import _
from civisdata.content.citizens import accounts
from civisdata.content.citizens import keys
from civisdata.content.citizens import sessions
from civisdata.content.citizens.background import after_commit
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.clients import describe
from civisdata.content.citizens.cookies import set_cookie
from civisdata.content.citizens.current import current_session
from civisdata.content.citizens.current import forget
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.guard import client_address
from civisdata.content.citizens.guard import limiter
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.journal.own_actions import SECRET_REFUSED
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.passwords import MINIMUM_LENGTH
from civisdata.content.citizens.passwords import Refused
from collections.abc import Callable
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from Products.statusmessages.interfaces import IStatusMessage
from urllib.parse import urlsplit
from zope.i18nmessageid import Message
import logging
import secrets
import transaction


logger = logging.getLogger(__name__)

OUT_OF_DATE = _("This page was out of date. Please check it and send it once more.")
NEWER = _(
    "What is stored of your account was written by a newer version of this portal than "
    "the one that runs now. Nothing is lost: please try again later."
)

#: Where a citizen lands, below the own space, by the state of the session.
LANDING = {
    sessions.OPEN: "",
    sessions.ACTIVATING: "/@@activation",
    sessions.RENEWING: "/@@nouveau-mot-de-passe",
    sessions.SECOND: "/@@deuxieme-etape",
}


def no_store(request) -> None:
    """Forbid that the answer is kept anywhere, or its address told to others."""
    request.response.setHeader("Cache-Control", "no-store")
    request.response.setHeader("Referrer-Policy", "same-origin")


def from_elsewhere(request) -> bool:
    """Say whether a browser tells that another site sent this request."""
    site = request.get_header("Sec-Fetch-Site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = request.get_header("Origin", "")
    if not origin:
        return False
    ours = urlsplit(request.get("SERVER_URL", ""))
    theirs = urlsplit(origin)
    return (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc)


def after_failure(function: Callable[[], object]) -> None:
    """Call ``function`` where the transaction can't be committed, else never."""

    def hook(committed: bool) -> None:
        if not committed:
            function()

    transaction.get().addAfterCommitHook(hook)


def start_session(
    request, user_id: str, state: str, bundle: KeyBundle | None, once_committed=False
) -> str:
    """Give the browser a new session and cookie; the one it had ends.

    Returns the kind of browser. ``once_committed``: the session appears only if the
    transaction succeeds; else it appears now, and ends if it fails. StoreDown.
    """
    service, former = session_service(), current_session(request)
    secret = secrets.token_bytes(sessions.SECRET_SIZE)
    client = describe(request.get_header("User-Agent", ""))

    def start() -> None:
        service.create(user_id, bundle, state, client, secret)
        if former is not None:
            service.end(former)

    if once_committed:
        after_commit(start)
    else:
        start()
        after_failure(lambda: service.store.remove(sessions.id_hash(secret)))
    set_cookie(request, secret)
    request.response.expireCookie("__ac", path="/")
    forget(request)
    return client


def landing_url(user_id: str, state: str) -> str:
    """Return where a session of this state begins."""
    return f"{api.portal.get().absolute_url()}/espaces/{user_id}{LANDING[state]}"


class AccountForm(FormView):
    """A page with one or more forms; a refusal shows it again, and nothing is stored.

    Subclasses give ``page_title``, ``labels`` (of fields, for the summary of errors)
    and ``act``, which returns the answer, or None to show the page.
    """

    page_title: Message | str = ""
    labels: dict[str, Message] = {}
    widgets = ViewPageTemplateFile("templates/account_widgets.pt")

    def __call__(self) -> str:
        self.errors: dict[str, Message] = {}
        self.form_error: Message | None = None
        no_store(self.request)
        elsewhere = self.prepare()
        if elsewhere is not None:
            return self.redirect(elsewhere)
        if self.posted:
            answer = self._take_in()
            if answer is not None:
                return answer
        return self.index()

    def prepare(self) -> str | None:
        """Return another address to go to instead of this page, or None."""

    def act(self, action: str) -> str | None:
        """Do what was sent; ``action`` is the value of the button. Raises Refused."""
        raise NotImplementedError

    def _take_in(self) -> str | None:
        if from_elsewhere(self.request) or not self.token_is_valid():
            return self._refuse(OUT_OF_DATE, 403)
        try:
            return self.act(self.typed("action"))
        except Refused as refusal:
            if refusal.field in self.labels:
                self.errors[refusal.field] = refusal.message
                return self._refuse(None, 422)
            return self._refuse(refusal.message, 422)
        except keys.TooBusy:
            return self._refuse(accounts.BUSY, 503)
        except keys.UnknownSuite as error:
            logger.error("A record of an account is of a newer version: %s", error)
            return self._refuse(NEWER, 503)
        except sessions.StoreDown:
            return self._refuse(
                _("Log-ins don't work at the moment. Please try again later."), 503
            )

    def _refuse(self, message: Message | None, status: int) -> None:
        self.form_error = message
        self.request.response.setStatus(status)

    def error_list(self) -> list[dict]:
        """What the summary of errors shows, in the order of the form."""
        return [
            {"field": name, "label": label, "message": self.errors[name]}
            for name, label in self.labels.items()
            if name in self.errors
        ]

    @property
    def password_hint(self) -> Message:
        return _(
            "${count} characters at least. Four or five words that have nothing to do "
            "with each other make a good one.",
            mapping={"count": MINIMUM_LENGTH},
        )

    def secret(self, name: str) -> str:
        """Return what was typed into a password field: never shown, never trimmed."""
        return self.typed(name)

    def say(self, message: Message, kind: str = "info") -> None:
        """Show a message on the next page."""
        IStatusMessage(self.request).add(message, type=kind)

    @property
    def session(self) -> sessions.Session | None:
        return current_session(self.request)

    @property
    def space_url(self) -> str:
        return f"{self.portal_url}/espaces/{self.session.user_id}"


class SpaceForm(AccountForm):
    """A page below a personal space; the door lets only its citizen come here."""

    @property
    def login_name(self) -> str:
        """For password managers, which keep a password with its log-in name."""
        return self.context.login

    def counted(self, work, field: str):
        """Count a wrong current password like a failed log-in."""
        login, client = self.context.login, client_address(self.request)
        accounts.refuse_if_limited(limiter(), login, client)
        try:
            return work()
        except Refused as refusal:
            if refusal.field == "current":
                limiter().failure(login, client)
                attempts.failed(self.context, login, SECRET_REFUSED)
                raise Refused(refusal.message, field) from None
            raise
