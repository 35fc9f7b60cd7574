"""A draft as the public will see it."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsItemView
from civisdata.content.news.editing.guard import may_edit
from zExceptions import NotFound


class Preview(NewsItemView):
    """The page of a news item without any tool of editors."""

    page_title = _("Preview")
    is_preview = True

    def __call__(self) -> str:
        if not may_edit(self.context):
            raise NotFound(self.__name__)
        self.request.other["civisdata.as_public"] = True
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()
