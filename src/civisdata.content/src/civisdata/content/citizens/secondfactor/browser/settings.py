"""``@@connexion-en-deux-etapes``: the second step of one's own log-ins."""

from base64 import urlsafe_b64encode
from civisdata.content import _
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor import factors
from civisdata.content.citizens.secondfactor import letters
from civisdata.content.citizens.secondfactor import passkeys
from civisdata.content.citizens.secondfactor import totp
from civisdata.content.citizens.secondfactor.browser.slowed import prove
from civisdata.content.citizens.secondfactor.record import factor_of
from collections.abc import Callable
from plone import api
from zope.i18nmessageid import Message


#: What can be done, as the address names it, and the actions that belong to it.
APP, APP_OFF = "application", "retirer-application"
PASSKEY, PASSKEY_OFF = "cle", "retirer-cle"
CODES = "codes"
_ACTIONS = {
    "app": APP,
    "app-confirm": APP,
    "app-off": APP_OFF,
    "passkey": PASSKEY,
    "passkey-confirm": PASSKEY,
    "passkey-off": PASSKEY_OFF,
    "codes": CODES,
}


def _id(passkey) -> str:
    return urlsafe_b64encode(passkey.id).decode()


class TwoSteps(SpaceForm):
    """The page shows what is in force, and the form of one thing to do at a time."""

    page_title = _("Log-in in two steps")
    labels = {
        "current": _("Current password"),
        "name": _("Name of the passkey"),
        "code": _("Code"),
    }
    code_hint = _(
        "The six digits of your app, a single-use code, or the recovery code of your "
        "documents."
    )
    name_hint = _("For your list, such as “my phone” or “the key on my key ring”.")
    #: The secret of an app, on the pages that show it until it has given a code.
    shown_secret = ""
    #: The single-use codes, on the one page that shows them.
    shown_codes: list[str] = []
    #: What the browser needs to make a passkey, on the page that does so.
    options = ""

    @property
    def doing(self) -> str:
        """Which form is shown; empty for none."""
        if self.shown_codes:
            return ""
        if self.posted:
            return _ACTIONS.get(self.typed("action"), "")
        asked = self.typed("faire")
        return asked if asked in _ACTIONS.values() else ""

    @property
    def url(self) -> str:
        return f"{self.space_url}/@@connexion-en-deux-etapes"

    @property
    def factor(self):
        return factor_of(self.context)

    @property
    def since(self) -> str:
        return written_moment(self.factor.since) if self.factor.since else ""

    @property
    def app_since(self) -> str:
        return written_moment(self.factor.app_since) if self.factor.app else ""

    @property
    def codes_left(self) -> int:
        return len(self.factor.codes)

    @property
    def codes_made(self) -> str:
        return written_moment(self.factor.codes_made)

    @property
    def site(self) -> passkeys.Site | None:
        return passkeys.site_of(self.request.get("SERVER_URL", ""))

    def passkey_rows(self) -> list[dict]:
        """The passkeys of the citizen, each with the id that removes it."""
        return [
            {
                "id": _id(row),
                "name": factors.name_of(self.context, row) or _("A passkey"),
                "made": written_moment(row.made),
                "used": written_moment(row.used) if row.used else "",
                "elsewhere": self.site is None or row.site != self.site.name,
            }
            for row in self.factor.passkeys
        ]

    def removed(self) -> dict | None:
        """The passkey that the form at hand removes."""
        wanted = self.typed("id")
        return next((row for row in self.passkey_rows() if row["id"] == wanted), None)

    @property
    def grouped_secret(self) -> str:
        return totp.grouped(self.shown_secret)

    @property
    def _issuer(self) -> str:
        return api.portal.get().Title()

    def app_address(self) -> str:
        return totp.address(self.shown_secret, self.context.login, self._issuer)

    def picture(self) -> str:
        return totp.picture(self.app_address())

    def act(self, action: str) -> str | None:
        work: dict[str, Callable[[], str | None]] = {
            "app": self._app,
            "app-confirm": self._confirm_app,
            "app-off": self._remove_app,
            "passkey": self._passkey,
            "passkey-confirm": self._confirm_passkey,
            "passkey-off": self._remove_passkey,
            "codes": self._codes,
        }
        return work[action]() if action in work else self.redirect(self.url)

    def _app(self) -> None:
        self._prove()
        self.shown_secret = factors.begin_app(self.context)

    def _confirm_app(self) -> str | None:
        self.shown_secret = factors.pending_secret(self.context) or ""
        first = not self.factor.active
        shown = factors.confirm_app(self.context, self.typed("code"))
        self.shown_secret = ""
        self.say(_("From now on, your app is asked for a code at your log-in."))
        return self._added(first, shown, letters.APP_ADDED)

    def _passkey(self) -> None:
        site = self._need_site()
        name = factors.checked_name(self.typed("name"))
        self._prove()
        challenge = factors.begin_passkey(self.context, name)
        self.options = passkeys.to_make(
            site,
            challenge,
            user_id=self.context.getId(),
            login=self.context.login,
            title=self._issuer,
            known=self.factor.passkeys,
        )

    def _need_site(self) -> passkeys.Site:
        if self.site is None:
            raise Refused(_("Passkeys do not work over this address."))
        return self.site

    def _confirm_passkey(self) -> str | None:
        first = not self.factor.active
        drawn = factors.drop_challenge(self.context)
        shown = factors.add_passkey(
            self.context, self.typed("credential"), drawn, self._need_site()
        )
        self.say(_("Your passkey is added: it can be used from the next log-in on."))
        return self._added(first, shown, letters.PASSKEY_ADDED)

    def _added(self, first: bool, shown: list[str], what: Message) -> str | None:
        """Tell of a new factor; sessions that came in without one end."""
        letters.tell(self.context, what)
        if first:
            session_service().end_all(self.context.getId(), except_=self.session)
        self.shown_codes = shown
        return None if shown else self.redirect(self.url)

    def _prove(self) -> None:
        """Check the password and, once there is a second step, a code of it."""
        self.counted(
            lambda: need_current(self.context, self.secret("current")), "current"
        )
        if self.factor.active:
            prove(self.context, self.request, self.typed("code"))

    def _remove_app(self) -> str:
        self._prove()
        factors.remove_app(self.context)
        self.say(_("The app is removed."))
        return self._removed(letters.APP_REMOVED)

    def _remove_passkey(self) -> str:
        wanted = self.typed("id")
        found = [row.id for row in self.factor.passkeys if _id(row) == wanted]
        if not found:
            raise Refused(_("There is no such passkey."))
        self._prove()
        factors.remove_passkey(self.context, found[0])
        self.say(_("The passkey is removed."))
        return self._removed(letters.PASSKEY_REMOVED)

    def _removed(self, what: Message) -> str:
        active = self.factor.active
        letters.tell(self.context, what if active else letters.STOPPED)
        return self.redirect(self.url)

    def _codes(self) -> None:
        self._prove()
        self.shown_codes = factors.renew_codes(self.context)
        letters.tell(self.context, letters.CODES_RENEWED)
