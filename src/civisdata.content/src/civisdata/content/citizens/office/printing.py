"""First passwords on letters: printed in runs, each letter once.

A run makes passwords, notes who was in it, and hands the secrets to whoever draws the
letters; they are kept nowhere. What got lost at the printer is put back: the next run
makes new passwords, and those on the lost letters are worth nothing.
"""

from civisdata.content.citizens import account_mail
from civisdata.content.citizens import clock
from civisdata.content.citizens import letters
from civisdata.content.citizens import registrations
from civisdata.content.citizens.accounts import is_active
from civisdata.content.citizens.accounts import issue_first_password
from civisdata.content.citizens.catalog import LETTER
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.citizens.office.store import LogLine
from civisdata.content.citizens.office.store import office_of
from civisdata.content.citizens.office.store import Run
from civisdata.content.citizens.registration_settings import setting
from dataclasses import dataclass
from dataclasses import field
from itertools import islice


#: Letters in one run: each costs an Argon2 run, and paper trays are small.
IN_A_RUN = 30

DAY = 86400


@dataclass(frozen=True)
class Letter:
    """What stands on one letter; never stored, never shown by ``repr``."""

    name: str
    address: tuple[str, ...]
    login: str = field(repr=False)
    password: str = field(repr=False)
    until: str


class NothingToPrint(ValueError):
    """No letter waits, or this run can't be put back."""


def waiting(spaces: ISpaces) -> int:
    """Return how many letters are to be printed."""
    return registrations.catalog_of(spaces).count_mark(LETTER)


def may_await(space: IPersonalSpace) -> bool:
    """Say whether a letter is possible: accepted, and never activated.

    Whoever prints a letter could read it, so no active space may depend on that.
    """
    return registrations.is_open(space) and not is_active(space)


def await_letter(space: IPersonalSpace, actor: str | None = None) -> None:
    """Have a first password printed on a letter; the person is told by mail."""
    if not may_await(space):
        raise registrations.NotPossible("letter")
    registrations.write_line(space, "await_letter", actor)
    registrations.set_mark(space, LETTER)
    registrations.write_letter(space, letters.BY_POST)


def print_run(spaces: ISpaces, actor: str) -> list[Letter]:
    """Make the next letters, noted as printed with this transaction; NothingToPrint.

    A first password of before no longer works.
    """
    ids = list(islice(registrations.catalog_of(spaces).with_mark(LETTER), IN_A_RUN))
    made, printed = [], []
    days = setting("letter_days")
    for space_id in ids:
        space = spaces.get_space(space_id)
        registrations.set_mark(space, LETTER, False)
        if not may_await(space):
            continue
        made.append(_letter(space, days, actor))
        printed.append(space_id)
    if not printed:
        raise NothingToPrint
    office = office_of(spaces, create=True)
    office.add(office.runs, Run(tuple(printed), actor))
    office.write(LogLine(clock.now(), actor, "print", count=len(printed)))
    return made


def put_back(spaces: ISpaces, run_id: str, actor: str) -> int:
    """Have the letters of a run printed again, those that still serve; return how many.

    Raises NothingToPrint for an unknown run and one that was put back already.
    """
    office = office_of(spaces)
    run = office.runs.get(run_id)
    if run is None or run.put_back:
        raise NothingToPrint
    run.put_back, count = True, 0
    for space_id in run.ids:
        space = spaces.get_space(space_id)
        if space is not None and may_await(space):
            registrations.set_mark(space, LETTER)
            count += 1
    office.write(LogLine(clock.now(), actor, "put_back", count=count))
    return count


def _letter(space: IPersonalSpace, days: int, actor: str) -> Letter:
    registrations.write_line(space, "print_letter", actor)
    login, password = issue_first_password(space, days=days)
    registrations.index(space)
    until = written_moment(clock.now() + days * DAY).partition(",")[0]
    account_mail.write(space, letters.PRINTED, moment=until)
    person = registrations.registration_of(space)
    lines = (
        person.display_name,
        person.address_more,
        person.address,
        f"{person.postal_code} {person.town}",
    )
    address = tuple(line for line in lines if line)
    return Letter(person.display_name, address, login, password, until)
