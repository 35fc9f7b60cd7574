"""The form of what webmasters say of a commune: name, codes, population, participation."""

from civisdata.content import _
from plone.dexterity.browser.edit import DefaultEditForm
from plone.dexterity.browser.edit import DefaultEditView
from plone.z3cform import layout


class EditCommuneForm(DefaultEditForm):
    """Plone's form; what belongs to the mairie is at ``@@mairie``."""

    portal_type = "Commune"
    label = _("Name, codes and participation of the commune")

    def update(self) -> None:
        self.request.set("disable_plone.leftcolumn", 1)
        super().update()


EditCommune = layout.wrap_form(EditCommuneForm, __wrapper_class=DefaultEditView)
