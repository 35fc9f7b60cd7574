"""Whole numbers in requests: read in one way, which no number of digits breaks."""

from civisdata.content.numbers import LARGEST
from civisdata.content.numbers import whole_number
from civisdata.content.vault.download import parse_range
from civisdata.content.vault.download import Unsatisfiable
from pathlib import Path
import pytest
import re


#: More digits than ``int`` reads.
ENDLESS = "9" * 5000
SOURCES = Path(__file__).parents[3] / "src"
#: Where digits are looked at that no request says, or without making a number of them.
ELSEWHERE = {
    "content/numbers.py",
    "content/citizens/keylife/helping.py",
    "content/mail.py",
    "content/territory/browser/mairie.py",
    "content/territory/finding.py",
    "content/vault/listing.py",
    "policy/door/filter.py",
    "policy/door/hosts.py",
    "policy/ldap/directory.py",
    "policy/operations/settings.py",
}


@pytest.mark.parametrize("said", ["0", "7", "007", "0" * 6000 + "7", str(LARGEST), 7])
def test_a_number_is_read(said):
    assert whole_number(said) == int(str(said)[-16:])


@pytest.mark.parametrize(
    "said",
    [
        ENDLESS,
        str(LARGEST + 1),
        "",
        "-1",
        "+1",
        " 1",
        "1_0",
        "1.0",
        "²",
        "١",
        "a",
        None,
        [],
        ["1"],
        True,
        -1,
        LARGEST + 1,
        1.0,
        b"1",
    ],
)
def test_anything_else_is_none(said):
    assert whole_number(said) is None


def test_the_largest_can_be_less():
    assert whole_number("10", 10) == 10
    assert whole_number("11", 10) is None


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"bytes=0-{ENDLESS}", (0, 100)),
        (f"bytes=-{ENDLESS}", (0, 100)),
        ("bytes=1-2", (1, 3)),
        ("bytes=-5", (95, 100)),
        ("bytes=١-٢", None),
    ],
)
def test_a_range_of_any_length_is_understood(header, found):
    assert parse_range(header, 100) == found


def test_a_range_beyond_all_documents_has_nothing():
    with pytest.raises(Unsatisfiable):
        parse_range(f"bytes={ENDLESS}-", 100)
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=-0", 100)


def test_nothing_else_reads_the_numbers_of_requests():
    """Whoever reads one with ``int`` after looking at its digits finds this test."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text()
        direct = re.search(r"\bint\([^()]*(form|field|typed|getHeader)\b", text)
        if direct or re.search(r"\.is(digit|decimal|numeric)\(", text):
            found.add(
                re.sub(r".*/civisdata/(?=content/|policy/|theme/)", "", str(path))
            )
    assert found <= ELSEWHERE
