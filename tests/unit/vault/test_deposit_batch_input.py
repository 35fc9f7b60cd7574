"""Tables and archives of batches, as offices make them and as attackers do."""

from civisdata.content.vault.deposits.batch_files import Archive
from civisdata.content.vault.deposits.batch_files import BadArchive
from civisdata.content.vault.deposits.batch_files import DAMAGED
from civisdata.content.vault.deposits.batch_files import MAX_DIRECTORY
from civisdata.content.vault.deposits.batch_files import MAX_ENTRIES
from civisdata.content.vault.deposits.batch_lines import BadTable
from civisdata.content.vault.deposits.batch_lines import MAX_LINES
from civisdata.content.vault.deposits.batch_lines import MAX_TABLE
from civisdata.content.vault.deposits.batch_lines import read_table
from civisdata.content.vault.deposits.batch_lines import Row
from io import BytesIO
import pytest
import stat
import struct
import warnings
import zipfile


TABLE = (
    "Destinataire;Fichier;Titre;Catégorie;Message\r\n"
    "zoe-1;été.pdf;Fiche d’été;Factures;«\u00a0Voilà\u00a0»\r\n"
    ";;;;\r\n"
    'zoe-2;b.pdf;"Deux ; points";;"a\nb"\r\n'
)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_tables_of_all_offices_are_read(separator, encoding):
    lines = [separator.join(line.split(";")) for line in TABLE.split("\r\n")[:2]]
    lines += [
        separator * 4,
        f'zoe-2{separator}b.pdf{separator}"Deux {separator} points"',
    ]
    rows = read_table("\r\n".join(lines).encode(encoding))
    assert rows == [
        Row(2, "zoe-1", "été.pdf", "Fiche d’été", "bills", "«\u00a0Voilà\u00a0»"),
        Row(4, "zoe-2", "b.pdf", f"Deux {separator} points"),
    ]


def test_quoted_cells_may_hold_line_ends():
    rows = read_table(TABLE.encode())
    assert rows[1].message == "a\nb" and rows[1].title == "Deux ; points"


def test_columns_are_found_by_name_in_any_order_and_others_are_left_out():
    rows = read_table(b"no,FILE,Recipient\n1,a.pdf,zoe\n2,b.pdf\n")
    assert rows == [Row(2, "zoe", "a.pdf"), Row(3, "", "b.pdf")]


def test_an_unknown_category_is_kept_to_be_refused_with_its_line():
    (row,) = read_table(b"destinataire;fichier;categorie\nzoe;a;poesie\n")
    assert row.category == "poesie"


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"destinataire;fichier\n", "empty"),
        (TABLE.encode("utf-16"), "encoding"),
        (TABLE.encode("utf-16-le"), "encoding"),
        (b"destinataire;fichier\nzoe;\x81.pdf", "encoding"),
        (b"PK\x03\x04\0\0", "encoding"),
        (b"destinataire|fichier\nzoe|a.pdf\n", "columns"),
        (b"nom;fichier\nzoe;a.pdf\n", "columns"),
        (b"destinataire;fichier;fichier\nzoe;a;b\n", "columns"),
        (b'destinataire;fichier\nzoe;"a.pdf\n', "quotes"),
        (b"destinataire;fichier\n" + b"z;a\n" * (MAX_LINES + 1), "lines"),
        (b"x" * (MAX_TABLE + 1), "big"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(data, reason):
    with pytest.raises(BadTable) as error:
        read_table(data)
    assert error.value.reason == reason


def packed(*entries, method=zipfile.ZIP_DEFLATED) -> BytesIO:
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(stream, "w", method) as archive:
            for name, data in entries:
                archive.writestr(name, data)
    stream.seek(0)
    return stream


def read(archive: Archive, name: str) -> bytes:
    with archive.open(archive.find(name)) as stream:
        return stream.read()


def test_files_are_found_by_path_and_by_a_bare_name_that_only_one_has():
    archive = Archive(
        packed(
            ("lot/a.pdf", b"a"),
            ("lot/été.pdf", b"e"),
            ("x/b.pdf", b"1"),
            ("y/b.pdf", b"2"),
            ("__MACOSX/a.pdf", b"?"),
            ("lot/.DS_Store", b"?"),
            ("lot/", b""),
        )
    )
    assert read(archive, "a.pdf") == read(archive, "lot\\a.pdf") == b"a"
    assert read(archive, "lot/e\u0301te\u0301.pdf") == b"e"
    assert archive.find("b.pdf") is None and archive.find("c.pdf") is None
    assert read(archive, "y/b.pdf") == b"2"
    assert archive.unused() == ["x/b.pdf"]


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252"])
def test_names_of_windows_programs_are_understood(encoding):
    written = packed(("XXX.pdf", b"e")).getvalue()
    name = "été".encode(encoding)
    archive = Archive(BytesIO(written.replace(b"XXX.pdf", name + b".pdf")))
    assert read(archive, "été.pdf") == b"e"


@pytest.mark.parametrize(
    "name", ["../a.pdf", "/etc/passwd", "a/../../b", "c:\\a.pdf", "..\\a", "C:a"]
)
def test_paths_that_lead_elsewhere_are_refused(name):
    with pytest.raises(BadArchive, match="path"):
        Archive(packed((name, b"a")))


def test_links_are_refused():
    link = zipfile.ZipInfo("a.pdf")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(BadArchive, match="path"):
        Archive(packed((link, b"/etc/passwd")))


def test_bombs_are_refused_before_anything_is_unpacked():
    with pytest.raises(BadArchive, match="bomb"):
        Archive(packed(("a.pdf", bytes(50 * 10**6))))


def test_an_entry_gives_no_more_than_it_says():
    written = bytearray(packed(("a.pdf", b"a" * 1000)).getvalue())
    at = written.index(b"PK\x01\x02") + 24
    written[at : at + 4] = struct.pack("<I", 10)
    archive = Archive(BytesIO(bytes(written)))
    with pytest.raises(DAMAGED):
        while read(archive, "a.pdf"):
            pass
    assert archive.find("a.pdf").file_size == 10


def test_too_many_files_are_refused():
    stream = packed(*[(f"{n}", b"") for n in range(MAX_ENTRIES + 1)])
    with pytest.raises(BadArchive, match="entries"):
        Archive(stream)


def test_a_directory_that_would_fill_the_memory_is_not_read():
    end = zipfile._EndRecData(packed(("a.pdf", b"1")))
    assert end[zipfile._ECD_SIZE] < MAX_DIRECTORY
    name = "a" * 60_000
    stream = packed(*[(f"{name}{n}", b"") for n in range(80)])
    with pytest.raises(BadArchive, match="entries"):
        Archive(stream)


def test_two_files_of_one_name_are_refused():
    with pytest.raises(BadArchive, match="twice"):
        Archive(packed(("a.pdf", b"1"), ("a.pdf", b"2")))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_need_much_memory_are_refused(method):
    with pytest.raises(BadArchive, match="method"):
        Archive(packed(("a.pdf", b"a" * 100), method=method))


def test_encrypted_files_are_refused():
    written = bytearray(packed(("a.pdf", b"a")).getvalue())
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        written[written.index(head) + place] |= 1
    with pytest.raises(BadArchive, match="encrypted"):
        Archive(BytesIO(bytes(written)))


@pytest.mark.parametrize("cut", [0, 10, -1, -30])
def test_what_is_no_archive_is_said_to_be_none(cut):
    written = packed(("a.pdf", b"a" * 100)).getvalue()
    with pytest.raises(BadArchive, match="zip"):
        Archive(BytesIO(written[:cut]))


def test_a_damaged_file_is_noticed_when_it_is_read():
    written = bytearray(packed(("a.pdf", b"abc"), method=zipfile.ZIP_STORED).getvalue())
    written[written.index(b"abc")] ^= 1
    archive = Archive(BytesIO(bytes(written)))
    with pytest.raises(DAMAGED):
        read(archive, "a.pdf")
