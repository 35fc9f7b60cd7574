"""Plone's fields for files and images: the box to choose a file has a name.

Their label points to the frame around the box, so that screen readers say nothing
(WCAG 1.3.1, 4.1.2).
"""

from html import escape
from plone.app.z3cform.interfaces import IPloneFormLayer
from plone.formwidget.namedfile.widget import NamedFileWidget
from plone.formwidget.namedfile.widget import NamedImageWidget
from plone.namedfile.interfaces import INamedFileField
from plone.namedfile.interfaces import INamedImageField
from z3c.form.interfaces import IFieldWidget
from z3c.form.widget import FieldWidget
from zope.component import adapter
from zope.i18n import translate
from zope.interface import implementer


class _Named:
    def render(self) -> str:
        name = escape(translate(self.label, context=self.request))
        return (
            super().render().replace('type="file"', f'type="file" aria-label="{name}"')
        )


class FileWidget(_Named, NamedFileWidget):
    """The field for a file."""


class ImageWidget(_Named, NamedImageWidget):
    """The field for an image."""


@implementer(IFieldWidget)
@adapter(INamedFileField, IPloneFormLayer)
def file_widget(field, request):
    """Make the field for a file."""
    return FieldWidget(field, FileWidget(request))


@implementer(IFieldWidget)
@adapter(INamedImageField, IPloneFormLayer)
def image_widget(field, request):
    """Make the field for an image."""
    return FieldWidget(field, ImageWidget(request))
