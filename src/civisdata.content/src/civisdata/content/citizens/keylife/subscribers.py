"""What happens to trusted persons when an account changes."""

from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.citizens.events import ISpaceUnlocked
from civisdata.content.citizens.keylife.dealing import forget_all
from civisdata.content.citizens.keylife.helping import forget_calls


def keys_given_up(event: ISpaceStartsAnew) -> None:
    forget_all(event.space)


def documents_unlocked(event: ISpaceUnlocked) -> None:
    forget_calls(event.space)
