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


class ISpaceCloses(ISpaceEvent):
    """The space is closed: nobody sends it anything any more, nor reads anything of it.

    It may be taken back, so that nothing is erased yet. What others have of it ends.
    """

    bundle = Attribute("The opened keys, None where they are not at hand")


class ISpaceErased(ISpaceEvent):
    """The space is about to go, its keys are gone: rooms erase what they hold of it.

    May be notified again after a crash. Counts were taken before.
    """


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


@implementer(ISpaceCloses)
class SpaceCloses(_SpaceEvent):
    """See ISpaceCloses."""

    def __init__(self, space, bundle=None) -> None:
        super().__init__(space)
        self.bundle = bundle


@implementer(ISpaceErased)
class SpaceErased(_SpaceEvent):
    """See ISpaceErased."""
