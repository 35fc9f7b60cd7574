"""What other rooms are told of an opened vault.

``VaultChanged`` comes from the functions of this room that file, move, rename or bin
something (``update_metadata``, ``put_folder``, the end of an upload). Who writes to a
vault in another way calls ``changed``.
"""

from civisdata.content.citizens.keys import KeyBundle
from dataclasses import dataclass
from typing import Any
from zope.event import notify
from zope.interface import Attribute
from zope.interface import implementer
from zope.interface import Interface


class IVaultChanged(Interface):
    """What lies where in a vault has changed, or how it is called."""

    vault = Attribute("The vault")
    space_id = Attribute("Id of its space")
    bundle = Attribute("The citizen's opened keys")
    added = Attribute("Id of the one document that is new; empty for any other change")


class IVaultListed(Interface):
    """The citizen looks at a list of the own vault, with opened keys."""

    space = Attribute("The personal space")
    bundle = Attribute("The citizen's opened keys")
    request = Attribute("The request")


@implementer(IVaultChanged)
@dataclass(frozen=True, repr=False)
class VaultChanged:
    """See IVaultChanged."""

    vault: Any
    space_id: str
    bundle: KeyBundle
    added: str = ""


@implementer(IVaultListed)
@dataclass(frozen=True, repr=False)
class VaultListed:
    """See IVaultListed."""

    space: Any
    bundle: KeyBundle
    request: Any


def changed(vault: Any, space_id: str, bundle: KeyBundle, added: str = "") -> None:
    """Tell the other rooms that a vault has changed.

    ``added`` is the id of a new document where nothing else has: what follows then need
    not open the others.
    """
    notify(VaultChanged(vault, space_id, bundle, added))
