"""The tasks that erase, and closings with all that follows: letter, task.

Erased is each night, and at once where the grace is no day long.
"""

from civisdata.content.citizens.account_mail import write
from civisdata.content.citizens.closing import letters
from civisdata.content.citizens.closing import life
from civisdata.content.citizens.closing.erasing import erase_closed_spaces
from civisdata.content.citizens.closing.erasing import TITLE
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.tasks import enqueue
from civisdata.content.tasks import nightly
from civisdata.content.tasks import task
from typing import Any


AT_ONCE = "erase-closed-spaces-at-once"

each_night = nightly("erase-closed-spaces", hour=4, title=TITLE)(erase_closed_spaces)
at_once = task(AT_ONCE, title=TITLE)(erase_closed_spaces)


def close_for_administration(space: Any, actor: str | None = None) -> None:
    """Close a space from the registrations desk, and write to its citizen; NotPossible.

    ``actor``: who of the staff, the current user if not given.
    """
    closing = life.close(space, by=life.ADMINISTRATION, actor=actor)
    write(space, letters.CLOSED_BY_ADMINISTRATION, "@@login", day=day_of(closing))
    erase_soon(closing)


def close_by_citizen(space: Any, bundle: KeyBundle | None, session: Any) -> None:
    """Close one's own space, and be written to; NotPossible."""
    closing = life.close(space, bundle=bundle, session=session)
    write(space, letters.CLOSED, "@@login", day=day_of(closing))
    erase_soon(closing)


def erase_soon(closing: life.Closing) -> None:
    """Have the space erased at once where there is no grace."""
    if closing.due <= closing.asked:
        enqueue(AT_ONCE)


def day_of(closing: life.Closing) -> str:
    """Write the day from which on the space is erased."""
    return written_moment(closing.due).partition(",")[0]
