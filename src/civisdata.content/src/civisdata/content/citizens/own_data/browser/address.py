"""The links of the letters about a new e-mail address; a GET changes nothing."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import sessions
from civisdata.content.citizens.account_record import is_closing
from civisdata.content.citizens.browser.account_form import AccountForm
from civisdata.content.citizens.current import current_space
from civisdata.content.citizens.own_data import email
from civisdata.content.citizens.own_data import letters
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.structure import get_spaces
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from urllib.parse import quote
from urllib.parse import urlencode
from zope.interface import alsoProvides


class _Link(AccountForm):
    """A page with one button, for who holds the token of a letter."""

    done = False

    @property
    def ticket(self) -> str:
        return self.typed("jeton")[:200]

    @property
    def url(self) -> str:
        return f"{self.portal_url}/@@{self.__name__}"

    def prepare(self) -> None:
        self.request.response.setHeader("Referrer-Policy", "strict-origin")
        self.request.response.setHeader("X-Robots-Tag", "noindex")


class Confirm(_Link):
    """``@@nouvelle-adresse``: its citizen confirms, logged in.

    The session's cookie doesn't come along with a link in a mail (SameSite=Strict), but
    with a link of this page (``go_on``); who isn't logged in is then sent to do so, and
    comes back.
    """

    page_title = _("Confirm my new e-mail address")

    @property
    def there(self) -> bool:
        session = self.session
        return session is not None and session.state == sessions.OPEN

    @property
    def go_on(self) -> str:
        return f"{self.url}?{urlencode({'jeton': self.ticket, 'suite': '1'})}"

    def prepare(self) -> str | None:
        super().prepare()
        if self.there or not (self.posted or self.typed("suite")):
            return None
        back = quote(f"{self.url}?{urlencode({'jeton': self.ticket})}", safe="")
        return f"{self.portal_url}/@@login?came_from={back}"

    def act(self, action: str) -> str | None:
        space = current_space(self.request)
        if space is None or is_closing(space):
            raise Refused(email.BAD_LINK)
        links = email.confirm(space, self.ticket)
        account_mail.write(
            space,
            letters.EMAIL_CHANGED,
            f"@@ancienne-adresse?jeton={links.stop}",
            to=links.email,
            days=str(email.BACK_DAYS),
        )
        self.say(_("Your new e-mail address is confirmed: it counts from now on."))
        return self.redirect(f"{self.space_url}/@@mes-donnees")


class Stop(_Link):
    """``@@ancienne-adresse``: stops the change, or puts the address back; no log-in.

    Whoever holds the token got it at the address that is to be kept.
    """

    page_title = _("Keep my e-mail address")
    there = True
    put_back = False

    def _take_in(self) -> None:
        # No token against forged requests: the link is the right to do this, and the
        # browser may be logged in as anybody.
        alsoProvides(self.request, IDisableCSRFProtection)
        try:
            self.put_back = email.stop(get_spaces(api.portal.get()), self.ticket)
            self.done = True
        except Refused as refusal:
            self._refuse(refusal.message, 422)
