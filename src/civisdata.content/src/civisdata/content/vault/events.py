"""What the vault tells its rooms."""

from zope.interface import Attribute
from zope.interface import implementer
from zope.interface import Interface


class IVaultOpened(Interface):
    """A page of an opened vault is about to be made; nothing has been read yet.

    Raised at each such request, whatever its method: a handler that changes something
    must be harmless to repeat, and cheap where there is nothing to do.
    """

    space = Attribute("The personal space")
    bundle = Attribute("The opened keys; never to be kept")
    request = Attribute("The request")


@implementer(IVaultOpened)
class VaultOpened:
    """See IVaultOpened."""

    def __init__(self, space, bundle, request) -> None:
        self.space = space
        self.bundle = bundle
        self.request = request
