"""Interfaces of the room."""

from zope.interface import Attribute
from zope.interface import Interface


class ITask(Interface):
    """A kind of task; registered as a utility under its name."""

    name = Attribute("Name, an id")
    title = Attribute("What staff read of it, translatable")
    hour = Attribute("Hour in Paris at which it runs each night, or None")
    page = Attribute("Name of a view of the portal that shows its report, or empty")

    def __call__(site, progress, **values):
        """Do the work on the portal; ``progress`` is a ``Progress``."""
