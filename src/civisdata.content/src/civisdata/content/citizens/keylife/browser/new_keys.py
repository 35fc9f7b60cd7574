"""The page on which a citizen replaces keys that somebody else may know."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import sessions
from civisdata.content.citizens.browser.account_form import landing_url
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.account_form import start_session
from civisdata.content.citizens.browser.activation import CODE
from civisdata.content.citizens.browser.activation import NEW_PASSWORD
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.keylife import letters
from civisdata.content.citizens.keylife import renewal


class NewKeys(SpaceForm):
    """``@@nouvelles-cles``: password, then the code that is shown, typed again."""

    page_title = _("Replace my keys")
    labels = {"current": _("Current password"), **NEW_PASSWORD, **CODE}
    #: The new recovery code, on the one page that shows it.
    shown_code = ""

    @property
    def locked(self) -> bool:
        return self.session.locked

    @property
    def is_waiting(self) -> bool:
        """Whether new keys wait for their code."""
        return renewal.is_waiting(self.context)

    def act(self, action: str) -> str | None:
        if action == "make":
            self.shown_code = self.counted(
                lambda: renewal.ask_new_keys(
                    self.context,
                    self.secret("current"),
                    self.secret("new"),
                    self.secret("repeated"),
                ),
                "current",
            )
            return None
        if action == "confirm":
            return self._confirm()
        if action == "drop":
            renewal.drop_new_keys(self.context)
            self.say(_("Your keys stay as they were."))
        return self.redirect(f"{self.space_url}/@@securite")

    def _confirm(self) -> str:
        session, user_id = self.session, self.context.getId()
        bundle = renewal.confirm_new_keys(
            self.context, session.bundle(), self.typed("code")
        )
        session_service().end_all(user_id, except_=session)
        start_session(self.request, user_id, sessions.OPEN, bundle, once_committed=True)
        account_mail.write(self.context, letters.KEYS_RENEWED)
        self.say(
            _(
                "Your keys are new. Your old password and your old recovery code open "
                "nothing here any more: destroy the old code."
            )
        )
        return self.redirect(landing_url(user_id, sessions.OPEN) + "/@@securite")
