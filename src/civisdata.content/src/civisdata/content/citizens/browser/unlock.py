"""The page that opens documents again after a new password."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import activation
from civisdata.content.citizens import clock
from civisdata.content.citizens import sessions
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.accounts import refuse_if_limited
from civisdata.content.citizens.background import after_commit
from civisdata.content.citizens.browser.account_form import landing_url
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.account_form import start_session
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.guard import client_address
from civisdata.content.citizens.guard import limiter
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import SECRET_REFUSED
from civisdata.content.citizens.journal.own_actions import UNLOCKED
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.passwords import Refused


class Unlock(SpaceForm):
    """With the current password alone, with the code, or with the old password."""

    page_title = _("Unlock my documents")
    labels = {
        "current": _("Current password"),
        "code": _("Recovery code"),
        "old": _("Former password"),
        "word": _("Word of confirmation"),
    }
    word_hint = _(
        "Type ${word}: everything that you stored is then lost for ever.",
        mapping={"word": unlocking.ANEW_WORD},
    )

    @property
    def locked_out(self) -> bool:
        """Whether the password no longer opens the documents by itself."""
        return unlocking.is_locked(self.context)

    @property
    def has_previous(self) -> bool:
        return unlocking.has_previous(self.context)

    @property
    def may_call_for_help(self) -> bool:
        """Whether trusted persons can open the documents again, or are called to."""
        return helping.call_of(self.context) is not None or helping.may_ask(
            self.context, self.context.__parent__
        )

    @property
    def anew_from(self) -> str:
        start = unlocking.anew_from(self.context)
        return "" if start is None else written_moment(start)

    @property
    def may_start_anew(self) -> bool:
        start = unlocking.anew_from(self.context)
        return start is not None and start <= clock.now()

    def prepare(self) -> str | None:
        if not self.posted and not self.session.locked and not self.locked_out:
            return self.space_url
        return None

    def act(self, action: str) -> str | None:
        if action == "ask-anew":
            unlocking.ask_anew(self.context, self.typed("word"))
            account_mail.anew_asked(self.context, self.anew_from)
            return self.redirect(f"{self.space_url}/@@deverrouiller")
        if action == "cancel-anew":
            unlocking.cancel_anew(self.context)
            return self.redirect(f"{self.space_url}/@@deverrouiller")
        if action not in ("unlock", "code", "old", "start-anew"):
            raise Refused(_("Please choose how to unlock your documents."))
        return self._with_password(action)

    def _with_password(self, action: str) -> str:
        """Count wrong secrets like failed log-ins: a session could be a stolen one."""
        login, client = self.context.login, client_address(self.request)
        refuse_if_limited(limiter(), login, client)
        try:
            bundle = self._open(action)
        except Refused as refusal:
            limiter().failure(login, client)
            if refusal.field in ("current", "code", "old"):
                attempts.failed(self.context, login, SECRET_REFUSED)
            raise
        limiter().success(login, client)
        if action == "start-anew":
            return self._start_anew(bundle)
        session = self.session
        after_commit(lambda: session_service().set_bundle(session, bundle))
        self.say(_("Your documents are unlocked."))
        return self.redirect(self.space_url)

    def _open(self, action: str):
        current = self.secret("current")
        if action == "code":
            return unlocking.unlock_with_code(self.context, current, self.typed("code"))
        if action == "old":
            return unlocking.unlock_with_old_password(
                self.context, current, self.secret("old")
            )
        if action == "start-anew":
            return unlocking.start_anew(self.context, current)
        bundle = need_current(self.context, current).bundle
        if bundle is None:
            raise Refused(_("Your password alone no longer opens your documents."))
        note(self.context, UNLOCKED)
        checkpoint(self.context, bundle)
        return bundle

    def _start_anew(self, bundle) -> str:
        user_id = self.context.getId()
        assert activation.step(self.context) == activation.CODE
        session_service().end_all(user_id, except_=self.session)
        start_session(
            self.request, user_id, sessions.ACTIVATING, bundle, once_committed=True
        )
        return self.redirect(landing_url(user_id, sessions.ACTIVATING))
