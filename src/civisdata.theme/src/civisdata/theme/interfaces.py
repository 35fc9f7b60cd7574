"""Marker of requests, and the settings of the charter."""

from civisdata.theme import _
from civisdata.theme.charter import Charter
from civisdata.theme.colours import HEX
from plone.app.theming.interfaces import IThemingLayer
from zope import schema
from zope.interface import Interface


class ICivisdataThemeLayer(IThemingLayer):
    """Requests of a site on which civisdata.theme is installed."""


def is_colour(value: str) -> bool:
    return HEX.match(value) is not None


class ICharter(Interface):
    """Settings of the charter; changed at ``@@charte-controlpanel``."""

    primary = schema.TextLine(
        title=_("Main colour"),
        description=_("Buttons, links, the crescent."),
        default=Charter.primary,
        constraint=is_colour,
    )

    river = schema.TextLine(
        title=_("Second colour"),
        description=_("Names of publishers, notes, the footer."),
        default=Charter.river,
        constraint=is_colour,
    )

    stone = schema.TextLine(
        title=_("Background"),
        description=_("A light colour, on which all texts are read."),
        default=Charter.stone,
        constraint=is_colour,
    )

    logo = schema.Bytes(title=_("Logo"), required=False)

    logo_type = schema.ASCIILine(title=_("Type of the logo"), required=False)
