"""Registrations as a list for a spreadsheet (CSV).

It asks for a purpose, is written into the desk's log, and each person reads in the own
journal that it was done. What a citizen typed must not become a formula.
"""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.counter.identity import level_of
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.citizens.office.store import Export
from civisdata.content.citizens.office.store import LogLine
from civisdata.content.citizens.office.store import office_of
from civisdata.content.tasks import enqueue
from collections.abc import Callable
from collections.abc import Iterable
import csv
import io
import transaction


TASK = "note-export"

SHORTEST_PURPOSE, LONGEST_PURPOSE = 10, 200

#: Registrations in one list, at most.
MOST = 100_000

#: Journals that are written in one transaction.
TOGETHER = 50

#: Characters with which spreadsheets begin a formula, wide ones too.
_BEGIN_FORMULA = "=+-@\t\r\n|%＝＋－＠"

COLUMNS = (
    "Inscription",
    "État",
    "Date d’inscription",
    "Commune",
    "Nom",
    "Nom d’usage",
    "Prénom",
    "Date de naissance",
    "Tranche d’âge",
    "Courriel",
    "Adresse",
    "Complément",
    "Code postal",
    "Ville",
    "Identité vérifiée",
)


class PurposeMissing(ValueError):
    """An export needs a purpose in a few words."""


def harmless(text: str) -> str:
    """Return what a spreadsheet shows as text, whatever it begins with."""
    return f"'{text}" if text.lstrip(" \u00a0")[:1] in tuple(_BEGIN_FORMULA) else text


def row_of(space) -> tuple[str, ...]:
    """Return the registration data of a space in the order of COLUMNS."""
    person = registrations.registration_of(space)
    return (
        space.getId(),
        registrations.state_of(space),
        space._registered.date().isoformat(),
        person.commune,
        person.last_name,
        person.usage_name,
        person.first_name,
        person.birth_date,
        person.age_bracket,
        person.email,
        person.address,
        person.address_more,
        person.postal_code,
        person.town,
        "oui" if level_of(space) else "non",
    )


def written(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Return the rows as CSV that French spreadsheets open by a double click."""
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def export(
    spaces: ISpaces, ids: list[str], actor: str, purpose: str, filters: str = ""
) -> bytes:
    """Return a list of registrations, and note who took it for what; PurposeMissing."""
    purpose = " ".join(purpose.split())
    if not SHORTEST_PURPOSE <= len(purpose) <= LONGEST_PURPOSE:
        raise PurposeMissing
    office = office_of(spaces, create=True)
    export_id = office.add(office.exports, Export(tuple(ids), actor))
    created = office.exports[export_id].created
    office.write(LogLine(created, actor, "export", purpose, len(ids), filters))
    enqueue(TASK, export_id=export_id)
    return written(_rows(spaces, ids))


def _rows(spaces: ISpaces, ids: list[str]) -> Iterable[tuple[str, ...]]:
    for number, space_id in enumerate(ids, 1):
        space = spaces.get_space(space_id)
        if space is not None:
            yield row_of(space)
        if number % 1000 == 0 and spaces._p_jar is not None:
            # What was read is not kept in memory; what was changed stays.
            spaces._p_jar.cacheGC()


def note_in_journals(
    spaces: ISpaces, export_id: str, told: Callable[[int, int], None] | None = None
) -> None:
    """Write into the history and the journal of each person that data went out.

    Goes on where it was: how many are done is noted with them.
    """
    item = office_of(spaces).exports.get(export_id)
    if item is None:
        return
    while item.noted < len(item.ids):
        some = item.ids[item.noted : item.noted + TOGETHER]
        for space_id in some:
            space = spaces.get_space(space_id)
            if space is not None:
                registrations.write_line(space, "export", item.actor)
        item.noted += len(some)
        transaction.commit()
        if told is not None:
            told(item.noted, len(item.ids))
