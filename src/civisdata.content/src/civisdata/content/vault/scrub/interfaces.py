"""Interfaces of the room."""

from zope.interface import Interface


class IKnownSigners(Interface):
    """Named utilities: who may sign documents beside the owner of a space."""

    def __call__(site):
        """Return the public keys (hexadecimal, Ed25519) that are believed, as a set."""
