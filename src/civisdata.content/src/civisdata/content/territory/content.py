"""Content classes of the territory."""

from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.interfaces import ICommunes
from civisdata.content.territory.interfaces import ICub
from plone.dexterity.content import Container
from zope.interface import implementer


@implementer(ICub)
class Cub(Container):
    """The Communauté urbaine as a publisher."""


@implementer(ICommune)
class Commune(Container):
    """A commune as a publisher.

    ``successor`` is the id of the commune that it was merged into, or empty.
    """

    successor = ""


@implementer(ICommunes)
class Communes(Container):
    """The folder of the communes."""
