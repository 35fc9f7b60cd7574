"""Names and kinds of files."""

from civisdata.content.vault.errors import Refused
from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.kinds import kind_of
from civisdata.content.vault.names import clean_name
from civisdata.content.vault.names import title_of
import pytest


@pytest.mark.parametrize(
    "given,kept",
    [
        ("passeport.pdf", "passeport.pdf"),
        ("Fiche de paye – été.pdf", "Fiche de paye – été.pdf"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents\\carte.png", "carte.png"),
        ("carte\u202egnp.exe", "cartegnp.exe"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("  .cache.  ", "cache"),
        ("famille 👨‍👩‍👧.jpg", "famille 👨‍👩‍👧.jpg"),
        ("\ud800x.pdf", "x.pdf"),
        ("a   b.pdf", "a b.pdf"),
    ],
)
def test_names_are_kept_without_what_harms(given, kept):
    assert clean_name(given) == kept


@pytest.mark.parametrize("given", ["", "..", "../", "/", " . ", "\u202e", "\u200d"])
def test_a_name_of_nothing_is_refused(given):
    with pytest.raises(Refused, match="name"):
        clean_name(given)


def test_long_names_keep_their_extension():
    assert clean_name("🪪" * 251 + ".pdf") == "🪪" * 251 + ".pdf"
    long = clean_name("é" * 5000 + ".jpeg")
    assert len(long) == 255 and long.endswith("é.jpeg")


def test_titles():
    assert title_of("avis_d_impot.pdf") == "avis d’impot"
    assert title_of("L_an_de_l_été.pdf") == "L an de l’été"
    assert title_of("annexes_d_et_e.pdf") == "annexes d et e"
    assert title_of("README") == "README"


PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    "name,head,kind",
    [
        ("a.pdf", b"%PDF-1.7\n", "pdf"),
        ("a.PDF", b"%PDF-1.7\n", "pdf"),
        ("a.png", PNG, "png"),
        ("a.JPG", b"\xff\xd8\xff\xe0", "jpeg"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        ("a.txt", "Chère madame,\n".encode(), "text"),
        ("a.txt", b"\xef\xbb\xbfBonjour", "text"),
        ("a.txt", "é".encode()[:1], "text"),
        ("a.txt", b"<html><script>", "other"),
        ("a.txt", b"\xef\xbb\xbf  <svg", "other"),
        ("a.txt", b"\0\1\2", "other"),
        ("a.txt", b"\xe9t\xe9", "other"),
        ("a.html", b"<html>", "other"),
        ("a.svg", b"<svg>", "other"),
        ("a.html", b"bonjour", "other"),
        ("a.docx", b"PK\3\4", "other"),
        ("a.doc", b"%PDF-1.7", "other"),
        ("a", b"%PDF-1.7", "other"),
        ("pdf", b"%PDF-1.7", "other"),
        ("a.xml", b"<?xml", "other"),
    ],
)
def test_kind_is_extension_and_magic(name, head, kind):
    assert kind_of(name, head) == kind
    assert can_be_shown(kind) == (kind != "other")


@pytest.mark.parametrize(
    "name,head",
    [
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.pdf", b"\n%PDF-1.7"),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.jpeg", PNG),
        ("a.webp", b"MZ"),
    ],
)
def test_a_false_extension_is_refused(name, head):
    with pytest.raises(Refused, match="kind"):
        kind_of(name, head)
