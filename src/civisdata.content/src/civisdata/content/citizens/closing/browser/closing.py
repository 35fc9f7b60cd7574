"""``@@fermeture``: closing one's own space, and the grace afterwards."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import accounts
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.closing import letters
from civisdata.content.citizens.closing import life
from civisdata.content.citizens.closing.counting import counts_of
from civisdata.content.citizens.closing.work import close_by_citizen
from civisdata.content.citizens.closing.work import day_of
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registrations import NotPossible
from civisdata.content.citizens.settings import account_setting
from functools import cached_property


class ClosePage(SpaceForm):
    """One page for both: a space is open, or closed and not erased yet."""

    labels = {"current": _("Current password")}

    @property
    def page_title(self):
        return _("Your space is closed") if self.closing else _("Close my space")

    @cached_property
    def closing(self) -> life.Closing | None:
        return life.closing_of(self.context)

    @property
    def day(self) -> str:
        return day_of(self.closing)

    @property
    def days(self) -> int:
        return account_setting("closing_days")

    @property
    def documents(self) -> int:
        return counts_of(self.context)["documents"]

    @property
    def by_administration(self) -> bool:
        return self.closing.by == life.ADMINISTRATION

    @property
    def may_take_back(self) -> bool:
        return life.may_take_back(self.context)

    def act(self, action: str) -> str:
        try:
            if action == "close":
                self._close()
            elif action == "take-back":
                life.take_back(self.context)
                account_mail.write(self.context, letters.TAKEN_BACK)
                self.say(_("Your space stays open. Nothing was erased."))
        except NotPossible:
            raise Refused(
                _("This can't be done any more: the state of your space has changed.")
            ) from None
        return self.redirect(f"{self.space_url}/@@fermeture")

    def _close(self) -> None:
        self.counted(
            lambda: accounts.need_current(self.context, self.secret("current")),
            "current",
        )
        close_by_citizen(self.context, current_bundle(self.request), self.session)
