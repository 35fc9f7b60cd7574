"""The steps of a publication: what may be done with an item now, and what it entails."""

from civisdata.content import _
from civisdata.content.news.editing.notices import note_for_author
from civisdata.content.news.editing.notices import note_for_reviewers
from DateTime import DateTime
from plone import api
from plone.app.contenttypes.interfaces import INewsItem
from Products.DCWorkflow.interfaces import IAfterTransitionEvent
from zope.i18nmessageid import Message


#: Transition → (what its button says, what is said when it is done).
STEPS = {
    "submit": (_("Submit for publication"), _("The news is submitted for approval.")),
    "publish": (_("Publish"), _("The news is published.")),
    "reject": (_("Send back"), _("The news is sent back to its author.")),
    "retract": (_("Retract"), _("The news is a draft again: it is no longer public.")),
    "archive": (_("Archive"), _("The news is archived: it is no longer public.")),
    "reopen": (
        _("Restore from the archive"),
        _("The news is a draft again; check its dates before publishing it."),
    ),
}

#: Which step is offered first.
MAIN = ("publish", "submit", "reopen")


def steps_of(item) -> dict[str, Message]:
    """Return the transitions that the current user may take: id → title."""
    workflow = api.portal.get_tool("portal_workflow")
    found = {row["id"] for row in workflow.getTransitionsFor(item)}
    return {name: title for name, (title, _done) in STEPS.items() if name in found}


def take_step(item, name: str, comment: str = "") -> Message:
    """Take a step, with a word for the other side; return what to say then.

    KeyError for what the current user can't do now.
    """
    steps_of(item)[name]
    workflow = api.portal.get_tool("portal_workflow")
    workflow.doActionFor(item, name, comment=comment)
    return STEPS[name][1]


def after_step(item: INewsItem, event: IAfterTransitionEvent) -> None:
    """Set the dates that a step entails, and tell those whom it concerns."""
    step = event.transition.id if event.transition is not None else ""
    if step == "publish" and item.effective_date is None:
        item.effective_date = DateTime()
    end = item.expiration_date
    if step == "reopen" and end is not None and end <= DateTime():
        # The end that brought it into the archive would end it again at once.
        item.expiration_date = None
        item.reindexObject(idxs=["expires", "effectiveRange"])
    if step not in ("submit", "publish", "reject"):
        return
    item.reindexObject(idxs=["effective", "expires", "effectiveRange"])
    if step == "submit":
        note_for_reviewers(item)
    elif event.old_state.id == "submitted":
        comment = event.kwargs.get("comment") if event.kwargs else ""
        note_for_author(item, step, comment or "")
