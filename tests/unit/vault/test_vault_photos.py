"""Photographs of paper become one PDF; hostile images are refused."""

from civisdata.content.vault import photos
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.photos import MAX_PHOTOS
from civisdata.content.vault.photos import photos_to_pdf
from civisdata.content.vault.photos import read_photo
from io import BytesIO
from PIL import Image
import pypdfium2
import pytest
import struct
import zlib


def image(kind="JPEG", size=(60, 40), colour="red", **options) -> BytesIO:
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


def huge_png(side: int) -> BytesIO:
    """A PNG of a few bytes that says it has ``side`` × ``side`` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(100_000))
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def test_photographs_become_pages_in_their_order():
    pdf = photos_to_pdf(
        [image(colour="red"), image("PNG", (40, 60), "blue"), image("WEBP")]
    )
    document = pypdfium2.PdfDocument(pdf)
    sizes = [tuple(round(x) for x in page.get_size()) for page in document]
    assert sizes == [(842, 561), (561, 842), (842, 561)]
    middles = []
    for page in document:
        drawn = page.render(scale=0.1).to_pil().convert("RGB")
        middles.append(drawn.getpixel((drawn.width // 2, drawn.height // 2)))
    assert [max(range(3), key=pixel.__getitem__) for pixel in middles] == [0, 2, 0]


def test_a_photograph_is_turned_upright_and_says_nothing_of_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (44.0, 50.0, 16.0)
    photo = read_photo(image(exif=exif))
    assert (photo.width, photo.height) == (40, 60)
    again = Image.open(BytesIO(photo.data))
    assert again.size == (40, 60) and not again.getexif()


def test_a_large_photograph_is_made_smaller():
    photo = read_photo(image(size=(4000, 3000)))
    assert (photo.width, photo.height) == (2800, 2100)


def test_what_shines_through_is_white():
    buffer = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(buffer, "PNG")
    photo = read_photo(BytesIO(buffer.getvalue()))
    assert Image.open(BytesIO(photo.data)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "source,reason",
    [
        (lambda: BytesIO(b""), "photo"),
        (lambda: BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "photo"),
        (lambda: BytesIO(b"%PDF-1.7"), "photo"),
        (lambda: image("GIF"), "photo"),
        (lambda: BytesIO(image(size=(900, 900)).getvalue()[:700]), "photo"),
        (lambda: huge_png(40_000), "photo_big"),
    ],
)
def test_hostile_images_are_refused(source, reason):
    with pytest.raises(Refused) as refused:
        photos_to_pdf([image(), source()])
    assert refused.value.reason == reason


def test_none_and_too_many_are_refused():
    for count in (0, MAX_PHOTOS + 1):
        with pytest.raises(Refused, match="photos"):
            photos_to_pdf(image() for _ in range(count))


def test_photographs_that_take_long_together_are_given_up(monkeypatch):
    monkeypatch.setattr(photos, "TOGETHER", 0.0)
    with pytest.raises(Refused, match="photo_big"):
        photos_to_pdf([image()])


def test_nobody_waits_for_a_turn_for_ever(monkeypatch):
    monkeypatch.setattr(photos, "WAIT", 0.0)
    with photos._slots, photos._slots, pytest.raises(Refused, match="busy"):
        read_photo(image())
    assert read_photo(image()).width == 60
