"""« Reprendre cette actualité »."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsPage
from civisdata.content.news.reuse.taking import may_take
from civisdata.content.news.reuse.taking import take_over
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from zExceptions import NotFound


class TakeOver(NewsPage):
    """Choose for whom a news item is taken over; not there for who publishes nowhere."""

    page_title = _("Take this news item over")

    @cached_property
    def publishers(self) -> list[str]:
        return may_take(self.context)

    def __call__(self) -> str:
        if not self.publishers:
            raise NotFound(self.__name__)
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            wanted = self.request.form.get("publisher")
            if wanted in self.publishers:
                copy = take_over(self.context, wanted)
                api.portal.show_message(
                    _(
                        "The news item is taken over as a draft: look at it, publish it."
                    ),
                    self.request,
                )
                self.request.response.redirect(copy.absolute_url(), status=303)
                return ""
            self.request.response.setStatus(400)
        return self.index()
