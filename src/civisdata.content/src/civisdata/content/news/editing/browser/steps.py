"""The editors' box on a news item, and the POST behind its buttons."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsPage
from civisdata.content.news.editing import states
from civisdata.content.news.editing.guard import may_edit
from civisdata.content.news.editing.people import name_of
from civisdata.content.news.editing.steps import MAIN
from civisdata.content.news.editing.steps import steps_of
from civisdata.content.news.editing.steps import take_step
from civisdata.content.news.reuse.following import copies_of
from civisdata.content.news.reuse.following import detach
from civisdata.content.news.reuse.following import follow_again
from civisdata.content.news.reuse.sources import Source
from civisdata.content.news.reuse.sources import source_of
from civisdata.content.news.reuse.taking import may_take
from plone import api
from plone.locking.interfaces import ILockable
from plone.protect import CheckAuthenticator
from zExceptions import NotFound
from zope.i18nmessageid import Message


#: What isn't a step of the workflow: function, and what is said when it is done.
OWN_STEPS = {
    "detach": (
        detach,
        _("The news item stands by itself now: you may write in it."),
    ),
    "follow": (
        follow_again,
        _("The news item is as its original again, and follows it."),
    ),
}


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

    @property
    def writer(self) -> str:
        """Who else is changing the item just now; empty for nobody."""
        lockable = ILockable(self.context, None)
        me = api.user.get_current().getId()
        rows = lockable.lock_info() if lockable is not None else ()
        return ", ".join(
            name_of(row["creator"]) for row in rows if row["creator"] != me
        )

    def steps(self) -> list[dict]:
        found = steps_of(self.context)
        main = next((name for name in MAIN if name in found), None)
        return [
            {"name": name, "title": title, "main": name == main}
            for name, title in found.items()
        ]

    @property
    def source(self) -> Source | None:
        """Whether it was taken over, and still follows its original."""
        return source_of(self.context)

    @property
    def may_take(self) -> bool:
        return bool(may_take(self.context))

    def taken_by(self) -> str:
        """Return who follows this item."""
        rows = copies_of(self.context.UID())
        return ", ".join(self.names.get(row.publisher, row.publisher) for row in rows)

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
            may_write = api.user.has_permission(
                "Modify portal content", obj=self.context
            )
            if name == "unlock" and may_write:
                ILockable(self.context).unlock()
                return self._go("/edit")
            try:
                if name in OWN_STEPS and may_write:
                    function, done = OWN_STEPS[name]
                    function(self.context)
                else:
                    comment = comment if isinstance(comment, str) else ""
                    done = take_step(self.context, name, comment)
            except (KeyError, TypeError):
                done = _("This is no longer possible: look at the state of the news.")
                api.portal.show_message(done, self.request, type="error")
            else:
                api.portal.show_message(done, self.request)
        return self._go()

    def _go(self, path: str = "") -> str:
        url = self.context.absolute_url() + path
        self.request.response.redirect(url, status=303)
        return ""
