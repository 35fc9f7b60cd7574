"""Office files are known by their extension and their first bytes."""

from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.kinds import kind_of
from helpers.hostile import docx
from helpers.hostile import odt
import pytest


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    "name,head",
    [
        ("a.odt", odt("")),
        ("a.docx", docx("x")),
        ("a.DOC", OLE),
        ("a.xls", OLE),
        ("a.ppt", OLE),
        ("a.rtf", rb"{\rtf1\ansi x}"),
    ],
    ids=["odt", "docx", "doc", "xls", "ppt", "rtf"],
)
def test_office_files(name, head):
    kind = kind_of(name, head[:4096])
    assert kind == name.rpartition(".")[2].lower()
    assert can_be_shown(kind)


@pytest.mark.parametrize(
    "name,head",
    [
        ("a.odt", b"PK\x03\x04" + bytes(26) + b"other"),
        ("a.docx", b"<html>"),
        ("a.doc", b"PK\x03\x04"),
        ("a.rtf", b"text"),
        ("a.zip", docx("x")[:4096]),
    ],
    ids=["odt", "docx", "doc", "rtf", "zip"],
)
def test_what_an_extension_promises_is_looked_at(name, head):
    assert kind_of(name, head) == "other"
