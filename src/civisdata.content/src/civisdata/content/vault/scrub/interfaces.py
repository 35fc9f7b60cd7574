"""Interfaces of the room."""

from zope.interface import Interface


class IKnownSigners(Interface):
    """Named utilities: who may sign documents beside the owner of a space."""

    def __call__(site):
        """Return the public keys (hexadecimal, Ed25519) that are believed, as a set."""


class IOtherDocuments(Interface):
    """Named utilities: documents of a space that are not in its vault's list."""

    def __call__(space):
        """Give VaultDocument objects, with record and signature, to be examined too."""
