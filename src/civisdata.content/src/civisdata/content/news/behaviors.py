"""What a news item has beside Plone's title, summary and text."""

from civisdata.content import _
from civisdata.content.news.images import check_image
from plone.app.dexterity.behaviors.metadata import DCFieldProperty
from plone.app.dexterity.behaviors.metadata import MetadataBase
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.namedfile.field import NamedBlobImage
from plone.supermodel import model
from z3c.form.browser.checkbox import CheckBoxFieldWidget
from zope import schema
from zope.interface import Invalid
from zope.interface import invariant
from zope.interface import provider


class EndsTooEarly(Invalid):
    """A publication that would end before it starts."""


ENDS_TOO_EARLY = _("The end of the publication has to come after its start.")


@provider(IFormFieldProvider)
class INews(model.Schema):
    """Image, topics and ages; fields of the item itself, the image's as Plone's."""

    image = NamedBlobImage(
        title=_("Image"),
        description=_(
            "JPEG, PNG, GIF or WebP, 10 MB and 40 million pixels at most. A landscape "
            "format of at least 1,200 pixels wide looks best."
        ),
        required=False,
        # The description says it; Plone's own line is in English.
        accept=(),
        constraint=check_image,
    )
    image_alt = schema.TextLine(
        title=_("What the image shows"),
        description=_(
            "Read aloud to those who do not see the image. Leave it empty if the image "
            "is there for decoration only."
        ),
        required=False,
        max_length=250,
    )
    image_caption = schema.TextLine(
        title=_("Caption and author of the image"),
        description=_("Shown below the image."),
        required=False,
        max_length=250,
    )
    topics = schema.Tuple(
        title=_("Topics"),
        description=_(
            "Citizens who have chosen one of these topics receive the news; without any "
            "topic, all do."
        ),
        value_type=schema.Choice(vocabulary="civisdata.topics"),
        required=False,
        default=(),
        missing_value=(),
    )
    age_brackets = schema.Tuple(
        title=_("Ages concerned"),
        description=_("Tick nothing if everybody is concerned."),
        value_type=schema.Choice(vocabulary="civisdata.age_brackets"),
        required=False,
        default=(),
        missing_value=(),
    )
    directives.widget("topics", CheckBoxFieldWidget)
    directives.widget("age_brackets", CheckBoxFieldWidget)


@provider(IFormFieldProvider)
class INewsDates(model.Schema):
    """Start and end of the publication: Plone's own dates."""

    effective = schema.Datetime(
        title=_("Publish from"),
        description=_(
            "Leave it empty to publish at once. With a date to come, nobody but the "
            "editors sees the news before."
        ),
        required=False,
    )
    expires = schema.Datetime(
        title=_("Publish until"),
        description=_(
            "After this date the news is no longer public; the night after, it goes to "
            "the archive. Leave it empty for no end."
        ),
        required=False,
    )

    @invariant
    def starts_before_it_ends(data) -> None:
        start, end = data.effective, data.expires
        if start and end and end <= start:
            raise EndsTooEarly(ENDS_TOO_EARLY)


class NewsDates(MetadataBase):
    """The dates, kept where Plone keeps them."""

    effective = DCFieldProperty(INewsDates["effective"], get_name="effective_date")
    expires = DCFieldProperty(INewsDates["expires"], get_name="expiration_date")
