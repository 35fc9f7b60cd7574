"""What ends soon: kinds of paper, days, and the weeks kept for letters."""

from civisdata.content.vault.contents import Contents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.papers import last_day
from civisdata.content.vault.papers import PAPERS
from civisdata.content.vault.reminders import due
from civisdata.content.vault.reminders import weeks
from datetime import date
from datetime import timedelta
import pytest


TODAY = date(2026, 11, 24)


def vault_with(**documents) -> Contents:
    """``name=(days until the paper ends, days until it is erased)``."""
    found = {}
    for name, (valid, ends) in documents.items():
        days = [
            "" if days is None else (TODAY + timedelta(days=days)).isoformat()
            for days in (valid, ends)
        ]
        found[name] = Metadata(
            name, f"{name}.pdf", "pdf", "other", 1, "", 1,
            valid_until=days[0], ends_on=days[1],
        )  # fmt: skip
    return Contents(found)


@pytest.mark.parametrize(
    "paper,issued,expected",
    [
        ("passport", "2020-03-15", "2030-03-14"),
        ("passport_minor", "2020-03-15", "2025-03-14"),
        ("identity_card", "2024-02-29", "2034-02-28"),
        ("identity_card_blue", "2014-02-11", "2029-02-10"),
        ("identity_card_blue_minor", "2014-02-11", "2024-02-10"),
        ("driving_licence", "2016-01-01", "2030-12-31"),
        ("driving_licence_pink", "1990-01-01", "2033-01-19"),
        ("vehicle_test", "2026-05-04", "2028-05-03"),
        ("home_insurance", "2026-01-01", "2026-12-31"),
        ("residence_permit", "2026-01-01", None),
        ("contract", "2026-01-01", None),
        ("", "2026-01-01", None),
        ("unknown", "2026-01-01", None),
    ],
)
def test_usual_validity(paper, issued, expected):
    found = last_day(paper, date.fromisoformat(issued))
    assert (found and found.isoformat()) == expected


def test_every_kind_that_ends_says_what_to_do():
    ends = [paper for paper in PAPERS.values() if paper.years or paper.last_day]
    assert len(ends) == 14 and all(paper.advice for paper in ends)
    assert {p.link.split("/")[0] for p in PAPERS.values()} == {"", "https:"}


def test_what_is_announced_today():
    found = due(
        vault_with(
            far=(31, None),
            month=(30, None),
            week=(7, None),
            last=(0, None),
            over=(-1, None),
            past=(-31, None),
            leaving=(None, 7),
            staying=(None, 8),
            none=(None, None),
        ),
        TODAY,
    )
    assert [(one.id, one.left, one.soon, one.over) for one in found] == [
        ("over", -1, True, True),
        ("last", 0, True, False),
        ("leaving", 7, True, False),
        ("week", 7, True, False),
        ("month", 30, False, False),
    ]
    assert [one.id for one in found if one.temporary] == ["leaving"]


@pytest.mark.parametrize(
    "valid,ends,expected",
    [
        (None, None, ()),
        (37, None, ("2026-W49", "2026-W52")),
        (30, None, ("2026-W48", "2026-W51")),
        # Monday was the day: it is still this week.
        (29, None, ("2026-W48", "2026-W51")),
        (20, None, ("2026-W50",)),
        (5, None, ()),
        (-3, None, ()),
        (None, 40, ("2026-W52",)),
        (None, 41, ("2026-W53",)),
    ],
)
def test_weeks_in_which_something_is_announced(valid, ends, expected):
    assert weeks(vault_with(one=(valid, ends)), TODAY) == expected


def test_weeks_of_several_are_one_set():
    found = weeks(vault_with(a=(37, None), b=(37, None), c=(36, 14)), TODAY)
    assert found == ("2026-W49", "2026-W52")
