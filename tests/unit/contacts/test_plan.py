"""What an import would do, line by line."""

from civisdata.content.contacts.exchange.plan import ADDED
from civisdata.content.contacts.exchange.plan import CHANGED
from civisdata.content.contacts.exchange.plan import DEFAULTS
from civisdata.content.contacts.exchange.plan import plan
from civisdata.content.contacts.exchange.plan import TAKEN
from civisdata.content.contacts.exchange.plan import UNCHANGED
from civisdata.content.contacts.exchange.plan import WRONG
from civisdata.content.contacts.exchange.table import Row
import pytest


class Shelves:
    publishers = {"cub": "cub", "talence": "talence", "begles": "begles"}
    national = frozenset(("cub",))
    procedures = frozenset(("passeport", "naissance"))

    def __init__(self, **stored) -> None:
        self.stored = stored

    def values(self, publisher, id):
        return self.stored.get(id) if publisher == "talence" else None


OLD = {**DEFAULTS, "title": "État civil", "phone": "05 56 00 00 00"}


def lines(*rows, default="talence", **stored):
    given = [Row(number, row) for number, row in enumerate(rows, 2)]
    return plan(given, Shelves(**stored), default)


def test_a_new_contact_gets_its_identifier_from_its_name():
    (line,) = lines({"title": "État civil", "phone": "39 39"})
    assert (line.status, line.publisher, line.id) == (ADDED, "talence", "etat-civil")
    assert line.changes == {"title": "État civil", "phone": "39 39"}


def test_the_same_line_again_changes_nothing():
    stored = {"etat-civil": OLD}
    (line,) = lines({"title": "État civil", "phone": "05 56 00 00 00"}, **stored)
    assert line.status == UNCHANGED and not line.changes


def test_a_missing_column_keeps_and_an_empty_cell_empties():
    stored = {"etat-civil": OLD}
    row = {"id": "etat-civil", "title": "Accueil"}
    assert lines(row, **stored)[0].changes == {"title": "Accueil"}
    row["phone"] = ""
    (line,) = lines(row, **stored)
    assert line.status == CHANGED
    assert line.changes == {"title": "Accueil", "phone": ""}


def test_publishers_by_name_or_identifier():
    found = lines({"title": "A", "publisher": "Bègles"}, {"title": "A"}, default="cub")
    assert [line.publisher for line in found] == ["begles", "cub"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "x\u202ey"}, "title"),
        ({"title": "A\nB"}, "title"),
        ({"title": "A", "email": "a@b"}, "email"),
        ({"title": "A", "phone": "<script>"}, "phone"),
        ({"title": "A", "website": "javascript:alert(1)"}, "website"),
        ({"title": "A", "website": "http://exemple.fr"}, "website"),
        ({"title": "A", "kind": "robot"}, "kind"),
        ({"title": "A", "scope": "nationale"}, "scope"),
        ({"title": "A", "example": "peut-être"}, "example"),
        ({"title": "A", "procedures": "passeport, permis"}, "procedures"),
        ({"title": "A", "publisher": "Paris"}, "publisher"),
        ({"title": "A", "id": "../x"}, "id"),
        ({"title": "A", "id": "taken"}, "id"),
        ({"title": "!!!"}, "id"),
    ],
)
def test_wrong_lines_say_why(row, column):
    (line,) = lines(row, taken=TAKEN)
    assert line.status == WRONG
    assert column in [name for name, _reason in line.reasons]


def test_a_publisher_is_needed_and_a_contact_stands_once():
    assert lines({"title": "A"}, default="")[0].status == WRONG
    first, second = lines({"title": "A"}, {"title": "a"})
    assert (first.status, second.status) == (ADDED, WRONG)


def test_words_and_procedures():
    (line,) = lines(
        {
            "title": "A",
            "kind": "Personne",
            "scope": "NATIONALE",
            "example": "Oui",
            "procedures": "passeport,naissance passeport",
        },
        default="cub",
    )
    assert line.status == ADDED
    assert line.changes["kind"] == "person" and line.changes["scope"] == "national"
    assert line.changes["example"] is True
    assert line.changes["procedures"] == ("passeport", "naissance")


def test_who_may_not_keep_national_contacts_still_mends_one():
    stored = {"a": {**OLD, "scope": "national"}}
    (line,) = lines({"id": "a", "title": "A", "scope": "nationale"}, **stored)
    assert line.status == CHANGED and line.changes == {"title": "A"}
    (line,) = lines({"id": "a", "title": "A", "scope": "locale"}, **stored)
    assert line.status == WRONG
