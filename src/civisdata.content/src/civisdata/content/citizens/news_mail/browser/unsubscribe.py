"""``@@desabonnement``: one click ends the mails (RFC 8058), without a log-in.

A GET changes nothing, as mail scanners follow links: it shows a page with a button. The
answer is the same whether or not somebody is written to. There is no token against forged
requests: whoever knows the link may use it, and can do nothing else with it.
"""

from civisdata.content import _
from civisdata.content.citizens.news_mail.tokens import space_of_token
from civisdata.content.citizens.news_mail.wishes import BY_LINK
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.structure import get_spaces
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five import BrowserView
from zope.interface import alsoProvides


class Unsubscribe(BrowserView):
    """Asks, and ends the mails at the POST."""

    page_title = _("No more news by e-mail")
    done = False

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("Referrer-Policy", "no-referrer")
        response.setHeader("X-Robots-Tag", "noindex")
        if self.request.get("REQUEST_METHOD") == "POST":
            self._end()
            self.done = True
        return self.index()

    @property
    def token(self) -> str:
        value = self.request.form.get("jeton", "")
        return value[:100] if isinstance(value, str) else ""

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@desabonnement"

    @property
    def settings_url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@mon-espace"

    def _end(self) -> None:
        space_id = space_of_token(self.token)
        if space_id is None:
            return
        space = get_spaces(api.portal.get()).get_space(space_id)
        if space is not None:
            alsoProvides(self.request, IDisableCSRFProtection)
            turn_off(space, BY_LINK)
