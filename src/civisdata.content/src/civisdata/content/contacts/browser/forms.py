"""The forms of a contact, as those of news: nothing typed gets lost."""

from civisdata.content import _
from civisdata.content.news.editing.browser.versions import VersionedEditForm
from civisdata.content.news.publisher import publisher_of
from plone.dexterity.browser.add import DefaultAddForm
from plone.dexterity.browser.add import DefaultAddView
from plone.dexterity.interfaces import IDexterityEditForm
from plone.z3cform import layout
from zExceptions import NotFound
from zope.interface import implementer


class ContactAddForm(DefaultAddForm):
    """Add a contact."""

    portal_type = "Contact"
    enable_form_tabbing = False
    label = _("Add a contact")
    description = _(
        "It is kept as a draft: you see it as the public will, then you publish it."
    )
    success_message = _("The contact is kept. Nobody but your colleagues sees it yet.")


class ContactAddView(DefaultAddView):
    """Page of the form for new ones; below a publisher only."""

    form = ContactAddForm
    page_title = _("Add a contact")

    def __call__(self):
        if publisher_of(self.context) is None:
            raise NotFound("Contact")
        return super().__call__()


class ContactEditForm(VersionedEditForm):
    """Change a contact, without overwriting what somebody else has just saved."""

    label = _("Change the contact")
    saved_meanwhile = _(
        "Somebody has saved another version of this contact while you were writing. "
        "Nothing was saved now, and what you typed is still below. Compare it with the "
        "other version (${url}), then save again to replace that one."
    )


@implementer(IDexterityEditForm)
class ContactEditView(layout.FormWrapper):
    """Page of the form for changes."""

    form = ContactEditForm
    page_title = _("Change the contact")
