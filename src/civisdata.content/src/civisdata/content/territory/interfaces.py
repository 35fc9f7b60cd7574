"""Publishers: the CUB and its communes."""

from civisdata.content import _
from civisdata.content.territory import rules
from civisdata.theme.browser.charter import current
from plone.autoform import directives
from plone.namedfile.field import NamedBlobImage
from plone.schema import JSONField
from zope import schema
from zope.interface import Attribute
from zope.interface import Interface
from zope.interface import invariant


class IPublisher(Interface):
    """A place that publishes news, documents and contacts: the CUB or a commune."""


class ICub(IPublisher):
    """The Communauté urbaine itself, a publisher beside the communes."""


class IHasCommune(Interface):
    """What belongs to an inhabitant: the agents of the commune deal with it."""

    commune = Attribute("URL name (slug) or INSEE code of the commune, or empty")


#: Fields of the mairie, which its own agents keep at ``@@mairie``.
MAIRIE_FIELDS = (
    *("address", "phone", "email", "website", "latitude", "longitude"),
    *("opening_hours", "services", "logo", "colour_main", "colour_second"),
)


class ICommune(IPublisher):
    """A commune of the territory (R1)."""

    # Who belongs to a commune is decided by these, so its own agents can't change them.
    directives.write_permission(
        title="civisdata.content.ManageCommunes",
        insee_code="civisdata.content.ManageCommunes",
        postal_codes="civisdata.content.ManageCommunes",
        population="civisdata.content.ManageCommunes",
        population_year="civisdata.content.ManageCommunes",
        population_source="civisdata.content.ManageCommunes",
        participating="civisdata.content.ManageCommunes",
    )

    title = schema.TextLine(
        title=_("Name of the commune"),
        description=_(
            "The address of the page stays as it is; the one made of the new name leads "
            "there too."
        ),
        max_length=80,
        constraint=rules.is_text,
    )

    insee_code = schema.TextLine(
        title=_("INSEE code"),
        description=_("Five characters, as given by the Code officiel géographique."),
        constraint=rules.is_insee_code,
    )

    postal_codes = schema.Tuple(
        title=_("Postal codes"),
        description=_("One a line."),
        value_type=schema.TextLine(constraint=rules.is_postal_code),
        default=(),
    )

    population = schema.Int(
        title=_("Number of inhabitants"), required=False, min=0, max=100_000_000
    )

    population_year = schema.TextLine(
        title=_("Year of this number"), required=False, constraint=rules.is_year
    )

    population_source = schema.TextLine(
        title=_("Source of this number"),
        required=False,
        max_length=120,
        constraint=rules.is_text,
    )

    participating = schema.Bool(
        title=_("Takes part in Civis Data"),
        description=_(
            "Only inhabitants of participating communes can sign up. When a commune "
            "leaves, its citizens keep their spaces and are told; it can no longer put "
            "documents into them."
        ),
        default=True,
        required=False,
    )

    directives.omitted(*MAIRIE_FIELDS)

    address = schema.Text(
        title=_("Address"), required=False, max_length=300, constraint=rules.is_text
    )

    phone = schema.TextLine(
        title=_("Telephone"), required=False, constraint=rules.is_phone
    )

    email = schema.TextLine(
        title=_("E-mail address"), required=False, constraint=rules.is_email
    )

    website = schema.TextLine(
        title=_("Web site"), required=False, constraint=rules.is_https
    )

    latitude = schema.Float(title=_("Latitude"), required=False, min=-90.0, max=90.0)

    longitude = schema.Float(
        title=_("Longitude"), required=False, min=-180.0, max=180.0
    )

    opening_hours = JSONField(
        title=_("Opening hours"), required=False, constraint=rules.are_hours
    )

    services = JSONField(
        title=_("Services"), required=False, constraint=rules.are_services
    )

    logo = NamedBlobImage(
        title=_("Coat of arms or logo"), required=False, constraint=rules.is_logo
    )

    colour_main = schema.TextLine(
        title=_("Main colour"), required=False, constraint=rules.is_colour
    )

    colour_second = schema.TextLine(
        title=_("Second colour"), required=False, constraint=rules.is_colour
    )

    @invariant
    def colours_are_read(commune) -> None:
        """Refuse colours below WCAG 2.2 AA."""
        rules.check_colours(current(), commune.colour_main, commune.colour_second)


class ICommunes(Interface):
    """The folder that holds the communes."""
