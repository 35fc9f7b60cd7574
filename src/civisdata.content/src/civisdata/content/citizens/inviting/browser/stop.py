"""``@@ne-plus-m-inviter``: one click ends invitations (RFC 8058), without a log-in.

A GET changes nothing, as mail scanners follow links: it shows a page with a button. There
is no token against forged requests: whoever knows the link may use it, and can do nothing
else with it. The answer is the same for any link.
"""

from civisdata.content import _
from civisdata.content.citizens.inviting.book import book_of
from civisdata.content.citizens.inviting.book import mark_to_stop
from civisdata.content.citizens.structure import get_spaces
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five import BrowserView
from zope.interface import alsoProvides


class NoInvitations(BrowserView):
    """Asks, and ends invitations at the POST."""

    page_title = _("No more invitations")
    done = False

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("Referrer-Policy", "no-referrer")
        response.setHeader("X-Robots-Tag", "noindex")
        if self.request.get("REQUEST_METHOD") == "POST":
            self._stop()
            self.done = True
        return self.index()

    @property
    def token(self) -> str:
        value = self.request.form.get("jeton", "")
        return value[:100] if isinstance(value, str) else ""

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@ne-plus-m-inviter"

    def _stop(self) -> None:
        mark = mark_to_stop(self.token)
        if mark is not None:
            alsoProvides(self.request, IDisableCSRFProtection)
            book_of(get_spaces(api.portal.get()), create=True).stop(mark)
