"""The steps of the activation, and the change of a password that is too old."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import sessions
from civisdata.content.citizens.background import after_commit
from civisdata.content.citizens.browser.account_form import landing_url
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.account_form import start_session
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.passwords import Refused
from functools import cached_property


#: Labels of the fields for a new password, which several pages have.
NEW_PASSWORD = {"new": _("New password"), "repeated": _("The same once more")}
CODE = {"code": _("Recovery code")}


class Activation(SpaceForm):
    """Choose a password; then print the recovery code and type it again."""

    labels = {**NEW_PASSWORD, **CODE}
    #: The recovery code, on the one page that shows it.
    shown_code = ""

    @property
    def page_title(self):
        if self.step == activation.PASSWORD:
            return _("Choose your password")
        return _("Your recovery code")

    @cached_property
    def step(self) -> str:
        return activation.step(self.context)

    def prepare(self) -> str | None:
        if self.step == activation.DONE and not self.posted:
            return f"{self.portal_url}/@@login"
        return None

    def act(self, action: str) -> str | None:
        if action == "password":
            return self._password()
        if action == "show":
            self._show(self._bundle())
            return None
        if action == "confirm":
            return self._confirm()
        return self.redirect(f"{self.space_url}/@@activation")

    def _bundle(self):
        bundle = self.session.bundle()
        if bundle is None:
            raise Refused(_("Your session has ended. Please log in again."))
        return bundle

    def _password(self) -> str | None:
        bundle = activation.choose_password(
            self.context, self.secret("new"), self.secret("repeated")
        )
        session = self.session
        session_service().end_all(self.context.getId(), except_=session)
        account_mail.password_changed(self.context)
        if bundle is None:
            return self.redirect(self._finish(None))
        after_commit(lambda: session_service().set_bundle(session, bundle))
        self._show(bundle)
        return None

    def _show(self, bundle) -> None:
        if activation.step(self.context) != activation.CODE:
            raise Refused(_("There is nothing left to do here."))
        self.shown_code = activation.new_code(self.context, bundle)
        self.__dict__.pop("step", None)

    def _confirm(self) -> str:
        bundle = activation.confirm_code(self.context, self.typed("code"))
        self.say(_("Welcome! Your space is open."))
        return self.redirect(self._finish(bundle))

    def _finish(self, bundle) -> str:
        """Change to an ordinary session; return where to go on."""
        user_id = self.context.getId()
        start_session(self.request, user_id, sessions.OPEN, bundle, once_committed=True)
        url = landing_url(user_id, sessions.OPEN)
        return url if bundle is not None else f"{url}/@@deverrouiller"


class Renewal(SpaceForm):
    """A password that is too old is changed before anything else."""

    page_title = _("Change your password")
    labels = {"current": _("Current password"), **NEW_PASSWORD}

    def act(self, action: str) -> str:
        session = self.session
        self.counted(
            lambda: accounts.change_password(
                self.context,
                self.secret("current"),
                self.secret("new"),
                self.secret("repeated"),
                session,
            ),
            "current",
        )
        account_mail.password_changed(self.context)
        user_id = self.context.getId()
        start_session(
            self.request, user_id, sessions.OPEN, session.bundle(), once_committed=True
        )
        self.say(_("Your password is changed. Your other sessions have ended."))
        return self.redirect(landing_url(user_id, sessions.OPEN))
