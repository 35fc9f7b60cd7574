"""The exported list: formulas, separators and line ends of what people typed."""

from civisdata.content.citizens.office.exports import COLUMNS
from civisdata.content.citizens.office.exports import harmless
from civisdata.content.citizens.office.exports import written
import csv
import io
import pytest


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33600000000",
        "-2",
        "@SUM(A1)",
        "|cmd",
        "%x",
        "  =1",
        "\u00a0=1",
        "\t=1",
        "＝1",
        '=HYPERLINK("http://x.example";"clic")',
    ],
)
def test_what_begins_a_formula_is_shown_as_text(text):
    assert harmless(text) == f"'{text}"
    row = ("", "", text, *("" for _ in COLUMNS[3:]))
    read = csv.reader(io.StringIO(written([row]).decode("utf-8-sig")), delimiter=";")
    assert list(read)[1][2] == f"'{text}"


@pytest.mark.parametrize("text", ["", "Zoé", "3 rue du Loup", "a=b", "d’Hérouville"])
def test_ordinary_text_stays(text):
    assert harmless(text) == text


def test_quotes_and_separators_stay_in_their_cell():
    row = tuple('a";"b' for _ in COLUMNS)
    data = written([row])
    assert data.startswith(b"\xef\xbb\xbf")
    read = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert list(read) == [list(COLUMNS), list(row)]
