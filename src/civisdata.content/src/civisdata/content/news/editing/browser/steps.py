"""The editors' box on a news item, and the POST behind its buttons."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsPage
from civisdata.content.news.editing import states
from civisdata.content.news.editing.guard import may_edit
from civisdata.content.news.editing.steps import MAIN
from civisdata.content.news.editing.steps import steps_of
from civisdata.content.news.editing.steps import take_step
from plone import api
from plone.protect import CheckAuthenticator
from zExceptions import NotFound
from zope.i18nmessageid import Message


class Desk(NewsPage):
    """Part of the page of a news item, for those who may edit it; else empty."""

    def __call__(self) -> str:
        return self.index() if may_edit(self.context) else ""

    @property
    def state(self) -> Message:
        """The state in words, with the date where it matters."""
        item, state = self.context, states.state_of(self.context)
        if state == states.SCHEDULED:
            moment = self.moment(item.effective_date)
            return _("Publication planned for ${moment}", mapping={"moment": moment})
        if state == states.ENDED:
            moment = self.moment(item.expiration_date)
            return _("Publication ended on ${moment}", mapping={"moment": moment})
        return {
            states.DRAFT: _("Draft: your colleagues and you alone see it"),
            states.SUBMITTED: _("Waits for approval"),
            states.PUBLISHED: _("Public"),
            states.ARCHIVED: _("Archived: no longer public"),
        }[state]

    @property
    def until(self) -> str:
        """The end of the publication to come, in words."""
        end = self.context.expiration_date
        state = states.state_of(self.context)
        shown = state in (states.PUBLISHED, states.SCHEDULED) and end is not None
        return self.moment(end) if shown else ""

    @property
    def comment(self) -> str:
        """What was said when the item was sent back."""
        if api.content.get_state(self.context) != "draft":
            return ""
        workflow = api.portal.get_tool("portal_workflow")
        if workflow.getInfoFor(self.context, "action", "") != "reject":
            return ""
        return workflow.getInfoFor(self.context, "comments", "") or ""

    @property
    def may_write(self) -> bool:
        return api.user.has_permission("Modify portal content", obj=self.context)

    def steps(self) -> list[dict]:
        found = steps_of(self.context)
        main = next((name for name in MAIN if name in found), None)
        return [
            {"name": name, "title": title, "main": name == main}
            for name, title in found.items()
        ]

    @property
    def takes_comment(self) -> bool:
        return "reject" in steps_of(self.context)


class TakeStep(NewsPage):
    """Take a step; without POST, the way to the item."""

    def __call__(self) -> str:
        if not may_edit(self.context):
            raise NotFound(self.__name__)
        form = self.request.form
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            name, comment = form.get("step"), form.get("comment")
            try:
                done = take_step(
                    self.context, name, comment if isinstance(comment, str) else ""
                )
            except (KeyError, TypeError):
                done = _("This is no longer possible: look at the state of the news.")
                api.portal.show_message(done, self.request, type="error")
            else:
                api.portal.show_message(done, self.request)
        self.request.response.redirect(self.context.absolute_url(), status=303)
        return ""
