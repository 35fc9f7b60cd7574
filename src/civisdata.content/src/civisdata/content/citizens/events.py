"""What other rooms are told of a citizen's account."""

from zope.interface import Attribute
from zope.interface import implementer
from zope.interface import Interface


class ISpaceEvent(Interface):
    """Something happened to the account of a personal space."""

    space = Attribute("The personal space")


class ISpaceActivated(ISpaceEvent):
    """The citizen has chosen a password and confirmed the recovery code."""


class ISpaceStartsAnew(ISpaceEvent):
    """The keys are given up for new ones: what they open is lost and may be erased."""


class IKeysRenewed(ISpaceEvent):
    """New keys are in force, and all that is registered was sealed under them."""


class ISpaceUnlocked(ISpaceEvent):
    """After a new password, the documents were opened again: by code or old password."""


class _SpaceEvent:
    def __init__(self, space) -> None:
        self.space = space


@implementer(ISpaceActivated)
class SpaceActivated(_SpaceEvent):
    """See ISpaceActivated."""


@implementer(ISpaceStartsAnew)
class SpaceStartsAnew(_SpaceEvent):
    """See ISpaceStartsAnew."""


@implementer(IKeysRenewed)
class KeysRenewed(_SpaceEvent):
    """See IKeysRenewed."""


@implementer(ISpaceUnlocked)
class SpaceUnlocked(_SpaceEvent):
    """See ISpaceUnlocked."""
