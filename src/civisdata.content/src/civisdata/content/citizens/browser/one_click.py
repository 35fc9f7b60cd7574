"""Pages that a link of a mail leads to, and that end something (RFC 8058), without a log-in.

A GET changes nothing, as mail scanners follow links: it shows a page with a button. There
is no token against forged requests: whoever knows the link may use it, and can do nothing
else with it. The answer is the same for any link.
"""

from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five import BrowserView
from zope.interface import alsoProvides


class OneClickEnd(BrowserView):
    """Asks, and ends it at the POST; subclasses say what, in ``end``."""

    done = False

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("Referrer-Policy", "no-referrer")
        response.setHeader("X-Robots-Tag", "noindex")
        if self.request.get("REQUEST_METHOD") == "POST":
            alsoProvides(self.request, IDisableCSRFProtection)
            self.end(api.portal.get())
            self.done = True
        return self.index()

    def end(self, site) -> None:
        """End what ``token`` stands for; nothing where it stands for nothing."""
        raise NotImplementedError

    @property
    def token(self) -> str:
        value = self.request.form.get("jeton", "")
        return value[:100] if isinstance(value, str) else ""

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@{self.__name__}"
