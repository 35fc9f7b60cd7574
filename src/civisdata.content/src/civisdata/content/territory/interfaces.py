"""Publishers: the CUB and its communes."""

from civisdata.content import _
from plone.autoform import directives
from zope import schema
from zope.interface import Attribute
from zope.interface import Interface


class IPublisher(Interface):
    """A place that publishes news, documents and contacts: the CUB or a commune."""


class ICub(IPublisher):
    """The Communauté urbaine itself, a publisher beside the communes."""


class IHasCommune(Interface):
    """What belongs to an inhabitant: the agents of the commune deal with it."""

    commune = Attribute("URL name (slug) or INSEE code of the commune, or empty")


class ICommune(IPublisher):
    """A commune of the territory (R1)."""

    # Who belongs to a commune is decided by these, so its own agents can't change them.
    directives.write_permission(
        insee_code="civisdata.content.ManageCommunes",
        postal_codes="civisdata.content.ManageCommunes",
        participating="civisdata.content.ManageCommunes",
    )

    insee_code = schema.TextLine(
        title=_("INSEE code"),
        description=_("Five characters, as given by the Code officiel géographique."),
        constraint=lambda value: len(value) == 5 and value.isalnum(),
    )

    postal_codes = schema.Tuple(
        title=_("Postal codes"),
        value_type=schema.TextLine(
            constraint=lambda value: len(value) == 5 and value.isdigit()
        ),
        default=(),
    )

    participating = schema.Bool(
        title=_("Takes part in Civis Data"),
        description=_("Only inhabitants of participating communes can sign up."),
        default=True,
        required=False,
    )


class ICommunes(Interface):
    """The folder that holds the communes."""
