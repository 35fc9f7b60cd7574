"""Pages of errors: calm, in the look, and saying nothing of what happened inside."""

from civisdata.theme import _
from dataclasses import dataclass
from multipart import ParserLimitReached
from Products.Five import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.component import queryMultiAdapter
from zope.i18nmessageid import Message
import json
import logging


logger = logging.getLogger("civisdata.theme")


@dataclass(frozen=True)
class ErrorText:
    """What a visitor reads: a title and what to do now."""

    title: Message
    advice: Message


#: By HTTP status; 500 stands for all others.
TEXTS = {
    400: ErrorText(
        _("This request could not be understood"),
        _("Go back, check what you entered, then try again."),
    ),
    401: ErrorText(
        _("Please log in"),
        _("This page is shown only to those who are logged in."),
    ),
    403: ErrorText(
        _("This is not open to you"),
        _("If you think that it should be, write to us from the contact page."),
    ),
    404: ErrorText(
        _("This page does not exist"),
        _("The address may be mistyped, or the page may have been moved or removed."),
    ),
    500: ErrorText(
        _("Something went wrong on our side"),
        _("Nothing was saved by this request. Please try again in a few minutes."),
    ),
    503: ErrorText(
        _("The service is busy"),
        _("Nothing is lost. Please try again in a minute."),
    ),
}


def error_text(status: int) -> ErrorText:
    """Return the words for an HTTP status."""
    return TEXTS.get(status, TEXTS[500])


class ErrorView(BrowserView):
    """Default view of every exception, for our layer.

    An exception may bring its own words, ``visitor_text``: title and advice.
    """

    full_width = True
    page_index = ViewPageTemplateFile("templates/error.pt")
    plain = ViewPageTemplateFile("templates/error_plain.pt")

    status = 500
    own_text: ErrorText | None = None

    @property
    def page_title(self) -> Message:
        return self.text.title

    @property
    def text(self) -> ErrorText:
        return self.own_text or error_text(self.status)

    def __call__(self) -> str:
        exception = self.context
        words = getattr(exception, "visitor_text", None)
        self.own_text = None if words is None else ErrorText(*words)
        self.context = getattr(self, "__parent__", None) or self.context
        if type(exception).__name__ == "NotFound" and self._moved():
            return ""
        response = self.request.response
        response.setStatus(type(exception))
        self.status = response.getStatus()
        response.setHeader("Cache-Control", "no-store")
        if "text/html" not in (self.request.getHeader("Accept") or ""):
            response.setHeader("Content-Type", "application/json")
            title = self.text.title.default or str(self.text.title)
            return json.dumps({"error_type": title, "status": self.status})
        response.setHeader("Content-Type", "text/html; charset=utf-8")
        try:
            return self.page_index()
        except Exception:
            logger.exception("the page of an error failed")
            response.setHeader("X-Theme-Disabled", "1")
            return self.plain()

    def _moved(self) -> bool:
        """Redirect to where public content was moved; say whether it was."""
        try:
            view = queryMultiAdapter(
                (self.context, self.request), name="plone_redirector_view"
            )
            return view is not None and bool(view.attempt_redirect())
        except Exception:
            logger.exception("looking for a moved page failed")
            return False


#: A form whose parts the parser gave up counting, or whose bytes were too many.
TOO_MUCH = ErrorText(
    _("That is too much for one form"),
    _(
        "Nothing of it was stored. Go back and send it in several goes: 1,000 files and "
        "100 MB at a time at most. On a browser with JavaScript, the page sends any "
        "number of files by itself."
    ),
)


class BadFormView(ErrorView):
    """View of a form that could not be read: said before any page was looked for."""

    def __call__(self) -> str:
        cause = next(iter(self.context.args), None)
        if isinstance(cause, ParserLimitReached):
            self.context.visitor_text = (TOO_MUCH.title, TOO_MUCH.advice)
        return super().__call__()
