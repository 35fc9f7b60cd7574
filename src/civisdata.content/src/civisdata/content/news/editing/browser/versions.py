"""A form for changes that never overwrites what its writer has not seen."""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from plone.dexterity.browser.edit import DefaultEditForm
from z3c.form import button
from zope.i18nmessageid import Message


class VersionedEditForm(DefaultEditForm):
    """Refuse to save where somebody else has saved since the form was opened.

    ``saved_meanwhile`` says so; ``${url}`` in it is the page of what is edited.
    """

    enable_form_tabbing = False
    success_message = _("Your changes are saved.")
    saved_meanwhile: Message

    @property
    def version(self) -> str:
        """What changes with each saving of the item."""
        return str(int(self.context.modified().micros()))

    @property
    def action(self) -> str:
        """The address of the form, with the version that was read for it."""
        asked = self.request.form.get("version", "")
        known = "" if whole_number(asked, 10**18) is None else asked
        version = self.version if self._shown or not known else known
        return f"{self.context.absolute_url()}/@@edit?version={version}"

    #: Whether the newest version has been told of.
    _shown = False

    @button.buttonAndHandler(_("Save"), name="save")
    def handleApply(self, action):
        if self._saved_meanwhile():
            return
        DefaultEditForm.handleApply.func(self, action)

    @button.buttonAndHandler(_("Cancel"), name="cancel")
    def handleCancel(self, action):
        DefaultEditForm.handleCancel.func(self, action)

    def _saved_meanwhile(self) -> bool:
        """Refuse to overwrite a version that the writer has not seen; keep the text."""
        asked = self.request.form.get("version")
        if asked is None or asked == self.version:
            return False
        self.extractData()
        self._shown = True
        url = self.context.absolute_url()
        self.status = Message(self.saved_meanwhile, mapping={"url": url})
        return True
