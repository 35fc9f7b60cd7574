"""Pages drawn by the limited child."""

from civisdata.content.vault import render
from civisdata.content.vault import renderer
from civisdata.content.vault.render import draw_page
from civisdata.content.vault.render import read_text
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.render import Source
from helpers.pdf import make_pdf
from helpers.portal import command_line
from helpers.portal import descendants
from PIL import Image
import io
import os
import pytest
import struct
import subprocess
import sys
import zlib


def source(kind: str, data: bytes) -> Source:
    return Source(kind, len(data), lambda start, stop: data[start:stop])


def picture(format: str, mode: str = "RGB", size=(300, 200), **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, format, **options)
    return buffer.getvalue()


def test_pages_and_their_text():
    pdf = source("pdf", make_pdf("Avis d’impôt", "Deuxième page"))
    text = read_text(pdf)
    assert (text.pages, text.texts) == (2, ["Avis d’impôt", "Deuxième page"])
    assert read_text(pdf, 1, 5).texts == ["Deuxième page"]
    drawn = draw_page(pdf, 1)
    image = Image.open(io.BytesIO(drawn.data))
    assert (drawn.media_type, image.size[0]) == ("image/png", 1400)
    assert image.convert("L").getextrema() == (0, 255)


def test_a_page_of_a_large_pdf_needs_only_parts_of_it():
    data, asked = make_pdf("Une page", padding=20_000_000), 0

    def read(start, stop):
        nonlocal asked
        asked += stop - start
        return data[start:stop]

    draw_page(Source("pdf", len(data), read))
    assert asked < 1_000_000


@pytest.mark.parametrize(
    "kind,format,mode,given",
    [
        ("png", "PNG", "RGBA", "image/png"),
        ("png", "PNG", "I;16", "image/png"),
        ("jpeg", "JPEG", "RGB", "image/jpeg"),
        ("jpeg", "JPEG", "CMYK", "image/jpeg"),
        ("webp", "WEBP", "RGB", "image/png"),
    ],
)
def test_images_are_drawn_anew(kind, format, mode, given):
    drawn = draw_page(source(kind, picture(format, mode)))
    image = Image.open(io.BytesIO(drawn.data))
    assert (drawn.media_type, image.size) == (given, (300, 200))


def test_where_a_photo_was_taken_is_not_shown():
    exif = Image.Exif()
    exif[0x010E] = "SECRETPLACE"
    exif[0x0112] = 6
    drawn = draw_page(source("jpeg", picture("JPEG", exif=exif)))
    assert b"SECRETPLACE" not in drawn.data
    assert Image.open(io.BytesIO(drawn.data)).size == (200, 300)


def png_bomb(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", checksum)
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


PDF = make_pdf("x")


@pytest.mark.parametrize(
    "kind,data,reason",
    [
        ("pdf", b"%PDF-1.7\n" + bytes(1000), "damaged"),
        ("pdf", PDF[:300], "damaged"),
        ("pdf", PDF.replace(b"595 842", b"1000000000 1"), "damaged"),
        ("png", picture("PNG")[:60], "damaged"),
        ("png", picture("JPEG"), "damaged"),
        ("png", png_bomb(60_000, 60_000), "big"),
        ("png", png_bomb(9_000, 9_000), "big"),
        ("jpeg", b"", "damaged"),
    ],
    ids=["junk", "cut", "shape", "cut image", "kind", "huge", "large", "empty"],
)
def test_hostile_documents_are_a_reason(kind, data, reason):
    with pytest.raises(RenderError, match=reason):
        draw_page(source(kind, data))


def test_a_page_that_is_not_there():
    for page in (1, -1, 2**31):
        with pytest.raises(RenderError, match="page"):
            draw_page(source("pdf", PDF), page)


def test_errors_while_reading_pass_through():
    def read(start, stop):
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        draw_page(Source("pdf", 1000, read))


def child(code: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-I", "-c", f"from {renderer.__name__} import *\n{code}"],
        capture_output=True,
        text=True,
    )


def test_the_child_can_open_nothing(tmp_path):
    done = child(
        "import _socket\n"
        "limit_resources(); close_files()\n"
        f"for path in ('/etc/passwd', {str(tmp_path / 'new')!r}):\n"
        "    try: open(path, 'w' if 'new' in path else 'r')\n"
        "    except OSError as error: print('refused', error.errno)\n"
        "try: _socket.socket()\n"
        "except OSError as error: print('refused', error.errno)\n"
        "try: os.fork()\n"
        "except OSError as error: print('refused', error.errno)\n"
    )
    assert done.stdout.count("refused") >= 3, done.stderr
    assert not (tmp_path / "new").exists()


def test_the_child_writes_no_file_and_takes_little(tmp_path):
    done = child(
        "limit_resources()\n"
        "try: bytearray(2 << 30)\n"
        "except MemoryError: print('memory')\n"
        f"stream = open({str(tmp_path / 'new')!r}, 'wb', buffering=0)\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: stream.write(b'x')\n"
        "except OSError: print('file')\n"
    )
    assert done.stdout.split() == ["memory", "file"], done.stderr


def test_the_child_sees_no_network():
    done = child(
        "limit_resources()\nimport os\nprint(os.readlink('/proc/self/ns/net'))\n"
    )
    ours = subprocess.run(
        ["readlink", "/proc/self/ns/net"], capture_output=True, text=True
    ).stdout.strip()
    if all(
        subprocess.run(["unshare", option, "true"]).returncode
        for option in ("-n", "-Un")
    ):
        pytest.skip("this kernel allows no network namespaces")
    assert done.stdout.strip() not in ("", ours)


@pytest.mark.parametrize(
    "command,seconds,reason",
    [
        (("/bin/sleep", "600"), 0.5, "timeout"),
        (("/bin/false",), 60, "failed"),
        (("/bin/cat",), 60, "failed"),
        (("/bin/echo", "XXXXXXXXXXXXXXXX"), 60, "failed"),
        ((sys.executable, "-c", "print('Pÿÿÿÿ')"), 60, "failed"),
    ],
)
def test_a_child_that_misbehaves_is_ended(monkeypatch, command, seconds, reason):
    monkeypatch.setattr(render, "_COMMAND", command)
    monkeypatch.setattr(render, "TIMEOUT", seconds)
    with pytest.raises(RenderError, match=reason):
        draw_page(source("pdf", PDF))
    ours = descendants(os.getpid())
    assert not [pid for pid in ours if command_line(pid).startswith(b"/bin/sleep")]


def test_few_children_at_a_time(monkeypatch):
    monkeypatch.setattr(render, "_WAIT", 0.01)
    for _ in range(render.MAX_CHILDREN):
        assert render._slots.acquire(timeout=1)
    try:
        with pytest.raises(RenderError, match="busy"):
            draw_page(source("pdf", PDF))
    finally:
        for _ in range(render.MAX_CHILDREN):
            render._slots.release()
