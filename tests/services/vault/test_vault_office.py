"""Office files as PDF, by a real LibreOffice within its limits."""

from civisdata.content.vault.kinds import kind_of
from civisdata.content.vault.reading import office
from civisdata.content.vault.reading.programs import MEGA
from civisdata.content.vault.render import read_text
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.render import Source
from helpers.hostile import docx
from helpers.hostile import odt
from helpers.tasks import wait_for
from pathlib import Path
import os
import pytest
import subprocess
import tempfile


MACRO = 'Sub Main\nThisComponent.Text.String = "MACRORAN"\nEnd Sub'


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Whatever is written for LibreOffice lies here."""
    folder = tmp_path / "tmpfs"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = sockets()
    yield folder
    assert list(folder.iterdir()) == []
    # What another process's LibreOffice has there just now goes away by itself.
    left = sockets() - before
    wait_for(lambda: not left & sockets())


def sockets() -> set[Path]:
    return set(Path("/tmp").glob(f"OSL_PIPE_{os.getuid()}_*"))


def text_of(kind: str, data: bytes) -> str:
    pdf = office.to_pdf(kind, data)
    source = Source("pdf", len(pdf), lambda start, stop: pdf[start:stop])
    return "\n".join(read_text(source).texts)


@pytest.mark.parametrize(
    "kind,data",
    [
        ("rtf", rb"{\rtf1\ansi Bonjour girafe}"),
        ("docx", docx("Bonjour girafe")),
        ("odt", odt("<text:p>Bonjour girafe</text:p>")),
    ],
    ids=["rtf", "docx", "odt"],
)
def test_office_files_are_converted(kind, data):
    assert kind_of(f"a.{kind}", data[:4096]) == kind
    assert "Bonjour girafe" in text_of(kind, data)


@pytest.mark.parametrize("kind", ["doc", "xls", "ppt", "xlsx", "pptx", "ods", "odp"])
def test_all_kinds_are_converted(kind, tmp_path):
    """Made by LibreOffice itself, of a table, a presentation or a text."""
    first = {"s": ("a.csv", b"girafe,1\n"), "p": ("a.fodp", FODP)}
    family = "s" if kind in ("xls", "xlsx", "ods") else "p"
    name, data = ("a.rtf", rb"{\rtf1 girafe}") if kind == "doc" else first[family]
    (tmp_path / name).write_bytes(data)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            tmp_path,
            tmp_path / name,
        ],
        check=True,
        capture_output=True,
    )
    made = (tmp_path / f"a.{kind}").read_bytes()
    assert kind_of(f"a.{kind}", made[:4096]) == kind
    assert "girafe" in text_of(kind, made)


FODP = b"""<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.presentation"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:presentation><draw:page draw:name="p" draw:master-page-name="x">
<draw:frame svg:x="2cm" svg:y="2cm" svg:width="15cm" svg:height="3cm">
<draw:text-box><text:p>girafe</text:p></draw:text-box></draw:frame>
</draw:page></office:presentation></office:body></office:document>
"""


def test_macros_do_not_run():
    assert text_of("odt", odt("<text:p>Bonjour</text:p>", MACRO)).strip() == "Bonjour"


def test_linked_files_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRETWORD")
    body = (
        '<text:section text:name="s"><text:section-source xlink:href='
        f'"file://{secret}" xlink:type="simple"/><text:p>Bonjour</text:p></text:section>'
    )
    assert "SECRETWORD" not in text_of("odt", odt(body))


def test_hostile_files_are_a_reason(monkeypatch):
    with pytest.raises(RenderError, match=r"damaged|failed"):
        office.to_pdf("docx", docx("x")[:400])
    with pytest.raises(RenderError, match="office"):
        office.to_pdf("exe", b"MZ")
    monkeypatch.setattr(office, "MAX_SOURCE", 10)
    with pytest.raises(RenderError, match="big"):
        office.to_pdf("rtf", rb"{\rtf1\ansi Bonjour}")


def test_a_zip_bomb_costs_little(monkeypatch):
    monkeypatch.setattr(office, "TIMEOUT", 8.0)
    bomb = docx("x", 4_000_000)
    assert len(bomb) < MEGA
    with pytest.raises(RenderError, match=r"damaged|failed|timeout|big"):
        office.to_pdf("docx", bomb)


def test_a_pdf_that_grows_too_large(monkeypatch):
    monkeypatch.setattr(office, "MAX_PDF", 100)
    with pytest.raises(RenderError, match="big"):
        office.to_pdf("rtf", rb"{\rtf1\ansi Bonjour}")


def test_without_libreoffice(monkeypatch):
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    with pytest.raises(RenderError, match="office"):
        office.to_pdf("rtf", rb"{\rtf1\ansi Bonjour}")


def test_what_a_killed_server_left_is_wiped(temporary):
    left = temporary / "civis-office-left"
    left.mkdir()
    (left / "document.rtf").write_text("x")
    os.utime(left, (0, 0))
    office.to_pdf("rtf", rb"{\rtf1\ansi Bonjour}")
    assert not left.exists()
