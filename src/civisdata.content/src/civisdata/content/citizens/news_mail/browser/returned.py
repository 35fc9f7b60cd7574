"""``@@courriel-revenu``: the mail server hands over a report of failure here.

Anybody may POST: a report counts only by the signed address it came to. The answer is the
same for all, and a GET says no more.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.news_mail.bounces import LARGEST
from civisdata.content.citizens.news_mail.bounces import take_in
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five import BrowserView
from zope.interface import alsoProvides


class Returned(BrowserView):
    """Takes in one report: the body is the mail, ``adresse`` the envelope's recipient."""

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "no-store")
        response.setHeader("Content-Type", "text/plain; charset=utf-8")
        if self.request.get("REQUEST_METHOD") == "POST":
            data = self._body()
            if take_in(api.portal.get(), data, self._address(), clock.now()):
                alsoProvides(self.request, IDisableCSRFProtection)
        return "ok\n"

    def _address(self) -> str:
        value = self.request.form.get("adresse", "")
        return value[:300] if isinstance(value, str) else ""

    def _body(self) -> bytes:
        stream = self.request.get("BODYFILE")
        if stream is None:
            return b""
        stream.seek(0)
        return stream.read(LARGEST)
