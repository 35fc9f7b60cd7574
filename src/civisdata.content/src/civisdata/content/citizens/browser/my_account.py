"""Settings of an account: password, sessions, recovery code."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import sessions
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.browser.account_form import landing_url
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.account_form import start_session
from civisdata.content.citizens.browser.activation import CODE
from civisdata.content.citizens.browser.activation import NEW_PASSWORD
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.devices import known
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import SESSION_ENDED
from civisdata.content.citizens.journal.own_actions import SESSIONS_ENDED
from civisdata.content.citizens.journal.visits import session_tag
from civisdata.content.citizens.secondfactor.record import is_active
from civisdata.content.citizens.settings import account_setting
from civisdata.content.citizens.settings import session_limits


class MyAccount(SpaceForm):
    """``@@mon-compte``."""

    page_title = _("My account")
    labels = {
        "current": _("Current password"),
        **NEW_PASSWORD,
        "current_for_code": _("Current password"),
        **CODE,
    }
    #: The new recovery code, on the one page that shows it.
    shown_code = ""

    @property
    def locked(self) -> bool:
        return self.session.locked

    @property
    def code_is_pending(self) -> bool:
        return need_account(self.context).pending is not None

    @property
    def password_age(self) -> str:
        return written_moment(need_account(self.context).changed)

    @property
    def password_max_age_days(self) -> int:
        return account_setting("password_max_age_days")

    @property
    def in_two_steps(self) -> bool:
        return is_active(self.context)

    def session_rows(self) -> list[dict]:
        """The citizen's living sessions, this one marked."""
        return [
            {
                "client": row.client or _("Unknown browser"),
                "since": written_moment(row.created),
                "used": written_moment(row.touched),
                "mine": row.id_hash == self.session.id_hash,
                "waits": row.state == sessions.SECOND,
                "end": f"end:{session_tag(row)}",
            }
            for row in session_service().list(self.context.getId(), session_limits())
        ]

    def act(self, action: str) -> str | None:
        if action == "password":
            return self._password()
        if action == "others":
            ended = session_service().end_all(
                self.context.getId(), except_=self.session
            )
            note(self.context, SESSIONS_ENDED, count=ended)
            known.forget_others(self.context, self.request)
            self.say(_("Your other sessions have ended."))
            return self._again()
        if action.startswith("end:"):
            return self._end(action.removeprefix("end:"))
        if action == "code":
            self.shown_code = self.counted(
                lambda: activation.change_code(
                    self.context, self.secret("current_for_code")
                ),
                "current_for_code",
            )
            return None
        if action == "confirm":
            activation.confirm_code(self.context, self.typed("code"))
            account_mail.code_changed(self.context)
            self.say(
                _("Your new recovery code counts from now on. Destroy the old one.")
            )
            return self._again()
        return self._again()

    def _end(self, tag: str) -> str:
        """End one session, by what tells it apart in this list."""
        service = session_service()
        for row in service.list(self.context.getId(), session_limits()):
            if session_tag(row) == tag and row.id_hash != self.session.id_hash:
                service.end(row)
                note(self.context, SESSION_ENDED, client=row.client)
                self.say(_("This session has ended."))
        return self._again()

    def _again(self) -> str:
        return self.redirect(f"{self.space_url}/@@mon-compte")

    def _password(self) -> str:
        session, user_id = self.session, self.context.getId()
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
        start_session(
            self.request, user_id, sessions.OPEN, session.bundle(), once_committed=True
        )
        self.say(_("Your password is changed. Your other sessions have ended."))
        return self.redirect(landing_url(user_id, sessions.OPEN) + "/@@mon-compte")
