"""The page on which a citizen calls trusted persons for help, and unlocks with it."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.browser.account_form import after_commit
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.keylife import letters
from civisdata.content.citizens.keylife import trust


class CallForHelp(SpaceForm):
    """``@@demander-de-l-aide``: for whoever is locked out, and nobody else."""

    page_title = _("Call my trusted persons for help")
    labels = {"current": _("Current password")}
    #: The code to read out, on a page that shows it.
    shown_code = ""

    @property
    def spaces(self):
        return self.context.__parent__

    @property
    def call(self) -> trust.Request | None:
        return helping.call_of(self.context)

    @property
    def may_ask(self) -> bool:
        return helping.may_ask(self.context, self.spaces)

    @property
    def needed(self) -> int:
        return trust.circle_of(self.context).k

    @property
    def answers(self) -> int:
        return len(self.call.released)

    @property
    def is_answered(self) -> bool:
        return helping.is_answered(self.context)

    @property
    def asked(self) -> str:
        return written_moment(self.call.asked)

    @property
    def start(self) -> str:
        return written_moment(helping.answered_from(self.call))

    def prepare(self) -> str | None:
        if not self.posted and not unlocking.is_locked(self.context):
            return self.space_url
        return None

    def act(self, action: str) -> str | None:
        if action == "ask":
            self.shown_code = self._with_password(
                lambda current: helping.ask(self.context, self.spaces, current)
            )
            self._tell()
            return None
        if action == "code":
            self.shown_code = self._with_password(
                lambda current: helping.code_again(self.context, current)
            )
            return None
        if action == "cancel":
            helping.cancel(self.context)
            self.say(_("Your call for help is cancelled."))
        elif action == "recover":
            return self._recover()
        return self.redirect(f"{self.space_url}/@@demander-de-l-aide")

    def _with_password(self, work):
        return self.counted(lambda: work(self.secret("current")), "current")

    def _tell(self) -> None:
        account_mail.write(self.context, letters.CALLED, moment=self.start)
        circle = trust.circle_of(self.context)
        for member in trust.helpers_of(self.spaces, circle):
            person = self.spaces.get_space(member.space_id)
            account_mail.write(person, letters.CALLED_YOU, moment=self.start)

    def _recover(self) -> str:
        bundle = self._with_password(
            lambda current: helping.recover(self.context, self.spaces, current)
        )
        session = self.session
        after_commit(lambda: session_service().set_bundle(session, bundle))
        account_mail.write(self.context, letters.HELPED)
        self.say(
            _(
                "Your documents are unlocked. Now make a new recovery code, so that you "
                "have one again."
            )
        )
        return self.redirect(f"{self.space_url}/@@securite#account-code")
