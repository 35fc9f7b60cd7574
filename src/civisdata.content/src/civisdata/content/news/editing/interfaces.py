"""Interfaces of the room."""

from zope.interface import Interface


class IStaffAddresses(Interface):
    """Where the deployment keeps its staff: mail addresses, asked for by tasks."""

    def members(site, group):
        """Return user id → address of a group's members; ``TemporaryError``."""

    def address(site, user_id):
        """Return the address of a member of staff, empty without one;
        ``TemporaryError``."""
