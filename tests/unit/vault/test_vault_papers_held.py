"""Which papers of a procedure lie in the vault."""

from civisdata.content.contacts.procedures import NeededPaper
from civisdata.content.contacts.procedures import procedure
from civisdata.content.contacts.procedures import themes
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.procedures.held import papers_held
from datetime import date
from datetime import datetime
from datetime import UTC
import pytest


TODAY = date(2026, 11, 24)
PASSPORT = NeededPaper("p", "Passeport", ("passport", "identity_card"))
ADDRESS = NeededPaper("d", "Domicile", ("proof_of_address",), max_age_months=3)


def metadata(paper="passport", stored=date(2026, 11, 1), **more) -> Metadata:
    stored_at = int(
        datetime(stored.year, stored.month, stored.day, 9, tzinfo=UTC).timestamp()
    )
    return Metadata(
        title=more.pop("title", paper),
        name="a.pdf",
        kind="pdf",
        category="national",
        size=1,
        sha256="0" * 64,
        stored_at=stored_at,
        paper=paper,
        **more,
    )


def states(needed, *documents, folders=()) -> list[tuple[str, str]]:
    contents = Contents(
        {str(n): document for n, document in enumerate(documents)},
        {folder.id: folder for folder in folders},
    )
    return [(held.title, held.state) for held in papers_held(contents, needed, TODAY)]


def test_a_paper_is_good_through_its_last_day():
    assert states(
        PASSPORT,
        metadata(title="hier", valid_until="2026-11-23"),
        metadata(title="ce jour", valid_until="2026-11-24"),
        metadata(title="sans date"),
        metadata(title="plus tard", valid_until="2030-01-01"),
    ) == [
        ("sans date", "valid"),
        ("plus tard", "valid"),
        ("ce jour", "valid"),
        ("hier", "expired"),
    ]


@pytest.mark.parametrize(
    "stored,state",
    [
        (date(2026, 8, 25), "valid"),
        (date(2026, 8, 24), "old"),
        (date(2025, 11, 30), "old"),
    ],
)
def test_a_proof_of_address_grows_old(stored, state):
    found = states(ADDRESS, metadata("proof_of_address", stored))
    assert found == [("proof_of_address", state)]


def test_only_the_kinds_needed_and_what_is_not_given_up_count():
    binned = Folder("f", "Vieux", binned_at=5)
    assert (
        states(
            PASSPORT,
            metadata("driving_licence"),
            metadata(""),
            metadata(binned_at=5),
            metadata(folder="f"),
            metadata(ends_on="2026-11-23"),
            folders=[binned],
        )
        == []
    )


def test_ids_of_procedures_are_unique_and_found():
    ids = [found.id for theme in themes() for found in theme.procedures]
    assert len(ids) == len(set(ids)) > 5
    assert all(procedure(id).id == id for id in ids)
    assert procedure("x") is None
    assert all(
        found.papers and found.whom and found.link.startswith("https://")
        for theme in themes()
        for found in theme.procedures
    )
