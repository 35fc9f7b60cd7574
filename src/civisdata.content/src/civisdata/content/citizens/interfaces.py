"""Personal spaces of citizens and the container that holds them."""

from zope.interface import Attribute
from zope.interface import Interface


class ISpaces(Interface):
    """The container of all personal spaces, at ``/espaces``."""

    def create_space():
        """Create a personal space with a random id and return it."""

    def get_space(space_id):
        """Return the space with this id, or None; no check of who asks."""

    def space_by_login(login):
        """Return the space whose log-in name this is, or None."""

    def set_login(space, login):
        """Give ``space`` a log-in name; ValueError where it is taken."""

    def delete_space(space_id):
        """Remove the space and its log-in name; KeyError."""


class IPersonalSpace(Interface):
    """A citizen's personal space. Its id is the citizen's user id.

    The registration sets ``email``, ``first_name`` and ``last_name``; the account
    reads them to write to its citizen.
    """

    email = Attribute("E-mail address, or an empty string")
    first_name = Attribute("First name, or an empty string")
    last_name = Attribute("Last name, or an empty string")
