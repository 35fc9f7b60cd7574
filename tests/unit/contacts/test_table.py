"""Contacts as a CSV file: what spreadsheets write, and what they must not run."""

from civisdata.content.contacts.exchange import table
from hypothesis import given
from hypothesis import strategies as st
import pytest


def cells(data: bytes) -> list[dict]:
    return [dict(row.values) for row in table.read(data)]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write(separator, encoding, end):
    text = end.join((f"Nom{separator}Téléphone", f"État civil{separator}39 39", ""))
    assert cells(text.encode(encoding)) == [{"title": "État civil", "phone": "39 39"}]


def test_lines_are_numbered_as_in_the_spreadsheet():
    rows = table.read(b'Nom;Adresse\r\n\r\nA;"1 rue\r\n33000 B"\r\nB;\r\n')
    assert [(row.number, row.values["title"]) for row in rows] == [(3, "A"), (4, "B")]
    assert rows[0].values["address"] == "1 rue\n33000 B"


@pytest.mark.parametrize(
    "evil", ["=1+1", "+33 5", "-1", "@SUM(A1)", "\t=1", "'=1", "''", "＝1"]
)
def test_no_cell_is_a_formula(evil):
    data = table.write([{"title": evil, "note": f"x{evil}"}])
    line = data.decode("utf-8-sig").splitlines()[1]
    assert f";'{evil}" in line or f";\"'{evil}" in line
    assert cells(data)[0]["title"] == evil.strip()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")))
def test_what_is_written_is_read(text):
    text = table._clean(text)
    (row,) = cells(table.write([{"title": "x", "note": text}]))
    assert row["note"] == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"Nom\r\n", "empty"),
        (b"Nom\r\n" + b"x" * table.MAX_BYTES, "size"),
        (b"Nom\n" + b"x\n" * (table.MAX_LINES + 1), "lines"),
        (b"Nom\nx\x00y\n", "encoding"),
        (b"Nom\n\x81\n", "encoding"),
        (b'Nom\n"x\n', "form"),
        (b"Nom\n" + b"x" * 200_000 + b"\n", "form"),
        (b"Nom;Adresse\nx;y;z\n", "form"),
        ("Téléphone\n1\n".encode(), "headers"),
        (b"Nom;Couleur\nx;y\n", "unknown"),
        (b"Nom;NOM\nx;y\n", "twice"),
        (b"PK\x03\x04 a spreadsheet\n", "unknown"),
    ],
)
def test_files_that_cannot_be_read(data, reason):
    with pytest.raises(table.TableError) as caught:
        table.read(data)
    assert caught.value.reason == reason
