"""The forms of news: one page, in the order of writing, nothing typed gets lost."""

from civisdata.content import _
from civisdata.content.news.behaviors import EndsTooEarly
from civisdata.content.news.editing.browser.versions import VersionedEditForm
from civisdata.content.news.reuse.sources import source_of
from plone import api
from plone.dexterity.browser.add import DefaultAddForm
from plone.dexterity.browser.add import DefaultAddView
from plone.dexterity.interfaces import IDexterityEditForm
from plone.z3cform import layout
from zope.interface import implementer


END = "INewsDates.expires"
TEXT = "IRichTextBehavior.text"
HTML = "text/html"


class _NewsForm:
    """What both forms have in common."""

    enable_form_tabbing = False

    def updateWidgets(self, *arguments, **options) -> None:
        """Offer one kind of text: a choice of media types is nothing to ask editors."""
        super().updateWidgets(*arguments, **options)
        self.widgets[TEXT].allowedMimeTypes = lambda: [HTML]

    def extractData(self, setErrors: bool = True):
        """Put the error of the dates to the field of the end."""
        data, errors = super().extractData(setErrors)
        for error in errors:
            if isinstance(error.error, EndsTooEarly) and error.widget is None:
                error.widget = self.widgets[END]
                error.widget.error = error
        self.widgets.errors = tuple(
            error for error in self.widgets.errors or () if error.widget is None
        )
        return data, errors


class NewsAddForm(_NewsForm, DefaultAddForm):
    """Write a news item."""

    portal_type = "News Item"
    label = _("Write a news item")
    description = _(
        "It is kept as a draft: you see it as the public will, then you publish it."
    )
    success_message = _("The draft is kept. Nobody but your colleagues sees it yet.")


class NewsAddView(DefaultAddView):
    """Page of the form for new ones."""

    form = NewsAddForm
    page_title = _("Write a news item")


class NewsEditForm(_NewsForm, VersionedEditForm):
    """Change a news item, without overwriting what somebody else has just saved."""

    label = _("Change the news item")

    saved_meanwhile = _(
        "Somebody has saved another version of this news item while you were "
        "writing. Nothing was saved now, and your text is still below. Compare it "
        "with the other version (${url}), then save again to replace that one."
    )


@implementer(IDexterityEditForm)
class NewsEditView(layout.FormWrapper):
    """Page of the form for changes."""

    form = NewsEditForm
    page_title = _("Change the news item")

    def update(self) -> None:
        """Show the form; what follows its original is detached before."""
        source = source_of(self.context)
        if source is not None and source.follows:
            message = _("This news item follows its original: detach it to change it.")
            api.portal.show_message(message, self.request, type="warning")
            self.request.response.redirect(self.context.absolute_url(), status=303)
            return
        super().update()
