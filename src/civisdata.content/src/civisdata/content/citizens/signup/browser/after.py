"""What follows the form: « look into your mail », and the link that confirms an address."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.browser.account_form import from_elsewhere
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.browser.forms import site_secret
from civisdata.content.citizens.office import rule
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.signup import taking
from civisdata.content.citizens.signup.taking import Outcome
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from functools import cached_property
from plone import api
from zope.i18nmessageid import Message
import transaction


class _Linked(FormView):
    """A page that a random id leads to; nobody keeps it, nobody learns its address."""

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "no-store")
        response.setHeader("Referrer-Policy", "same-origin")
        response.setHeader("X-Robots-Tag", "noindex")
        self.form_error: Message | None = None
        if self.posted:
            if from_elsewhere(self.request) or not self.token_is_valid():
                self._say(OUT_OF_DATE, 403)
            elif (answer := self.act()) is not None:
                return answer
        return self.index()

    def act(self) -> str | None:
        """Do what the button says."""
        raise NotImplementedError

    @cached_property
    def spaces(self):
        return get_spaces(api.portal.get())

    def _say(self, message: Message, status: int) -> None:
        self.form_error = message
        self.request.response.setStatus(status)


class Received(_Linked):
    """The same page for everybody who has sent the form; the letter can be sent again."""

    page_title = _("Look into your mail")
    again = False

    @property
    def token(self) -> str:
        return self.typed("demande")[:100]

    @property
    def can_resend(self) -> bool:
        return taking.id_to_resend(self.token) is not None

    @property
    def mailed(self) -> bool:
        return self.typed("courriel") != "non"

    @property
    def days(self) -> int:
        return setting("unconfirmed_days")

    @property
    def url(self) -> str:
        return f"{self.portal_url}/@@inscription-recue"

    def act(self) -> None:
        """Send the letter again; the answer doesn't say whether anything was waiting."""
        id = taking.id_to_resend(self.token)
        try:
            if id is not None:
                taking.send_letter(
                    api.portal.get(), self.spaces, id, site_secret(), clock.now()
                )
            transaction.commit()
            self.again = True
        except MailNotSent:
            transaction.abort()
            self._say(
                _(
                    "Our mail server does not answer. Your request is kept, and we write "
                    "to you as soon as it works again."
                ),
                503,
            )


class Confirm(_Linked):
    """``@@confirmer-inscription``: GET asks (mail programs look at links), POST confirms."""

    titles = {
        Outcome.READY: _("Confirm your address"),
        Outcome.DONE: _("Your address is confirmed"),
        Outcome.OVER: _("This link is no longer good"),
        Outcome.COMMUNE_LEFT: _("Your commune has left Civis Data"),
    }

    @property
    def page_title(self) -> Message:
        return self.titles[self.found.outcome]

    @property
    def token(self) -> str:
        return self.typed("jeton")[:100]

    @property
    def url(self) -> str:
        return f"{self.portal_url}/@@confirmer-inscription"

    @cached_property
    def found(self) -> taking.Found:
        id = taking.id_to_confirm(self.token)
        return taking.look_up(self.spaces, id, self._commune_now, clock.now())

    @property
    def state(self) -> str:
        return self.found.outcome.value

    @property
    def commune(self) -> str:
        commune = api.portal.get()["communes"].get(self.found.commune)
        return "" if commune is None else commune.title

    @property
    def automatic(self) -> bool:
        return bool(setting("automatic_acceptance"))

    @property
    def _commune_now(self):
        return taking.communes_today(api.portal.get()["communes"])

    def act(self) -> str | None:
        id = taking.id_to_confirm(self.token)
        outcome, space = taking.confirm(self.spaces, id, self._commune_now, clock.now())
        if outcome is Outcome.READY:
            rule.consider(space)
        return self.redirect(f"{self.url}?jeton={self.token}")
