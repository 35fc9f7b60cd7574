"""``@@deuxieme-etape``: after the password, what else proves who it is."""

from civisdata.content import _
from civisdata.content.citizens import accounts
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.entering import enter
from civisdata.content.citizens.browser.login import safe_target
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor import factors
from civisdata.content.citizens.secondfactor import passkeys
from civisdata.content.citizens.secondfactor.browser.slowed import prove
from civisdata.content.citizens.secondfactor.record import factor_of
from zope.i18nmessageid import Message


class SecondStep(SpaceForm):
    """One field for all codes; a button for passkeys, in browsers that know them."""

    page_title = _("Second step")
    labels = {"code": _("Code")}

    @property
    def came_from(self) -> str:
        return safe_target(self.typed("came_from"), self.portal_url) or ""

    @property
    def has_app(self) -> bool:
        return factor_of(self.context).app is not None

    @property
    def code_hint(self) -> Message:
        if self.has_app:
            return _("The six digits that your app shows, or a single-use code.")
        return _("One of your single-use codes.")

    @property
    def site(self) -> passkeys.Site | None:
        return passkeys.site_of(self.request.get("SERVER_URL", ""))

    def options(self) -> str:
        """What a passkey has to sign, for this session alone; empty without passkeys."""
        site, known = self.site, factor_of(self.context).passkeys
        if site is None or not any(row.site == site.name for row in known):
            return ""
        return passkeys.to_sign(site, self.session.challenge(), known)

    def act(self, action: str) -> str:
        session, space = self.session, self.context
        if action == "passkey":
            prove(space, self.request, "", self._passkey)
        elif action == "code":
            prove(space, self.request, self.typed("code"))
        else:
            raise Refused(_("Please give a code."), "code")
        state = accounts.state_of(need_account(space))
        return self.redirect(
            enter(
                self.request,
                space,
                state,
                session.bundle(),
                self.came_from,
                once_committed=True,
            )
        )

    def _passkey(self) -> str:
        if self.site is None:
            raise Refused(_("Passkeys do not work over this address."))
        return factors.use_passkey(
            self.context, self.typed("credential"), self.session.challenge(), self.site
        )
