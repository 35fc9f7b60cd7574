"""Hostile documents cost nothing but an error, or a poor picture, for themselves."""

from civisdata.content.vault import render
from civisdata.content.vault.render import draw_page
from civisdata.content.vault.render import draw_small
from civisdata.content.vault.render import read_text
from civisdata.content.vault.render import read_words
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.render import Source
from helpers import hostile
from helpers.pdf import make_pdf
from PIL import Image
import io
import pytest
import time


#: Seconds of processor that all attempts at one document may take in this process.
OURS = 2.0


def source(data: bytes, kind: str = "pdf") -> Source:
    return Source(kind, len(data), lambda start, stop: data[start:stop])


def attempts(data: bytes, kind: str = "pdf") -> list[str | None]:
    """Try all that is ever done with a document; give each one's reason, None if well."""
    reasons, started = [], time.process_time()
    for attempt in (
        lambda: draw_page(source(data, kind)),
        lambda: draw_small(source(data, kind), 0, 12),
        lambda: read_text(source(data, kind), 0, 500),
        lambda: read_words(source(data, kind), 0),
    ):
        try:
            attempt()
        except RenderError as error:
            reasons.append(error.reason)
        else:
            reasons.append(None)
    assert time.process_time() - started < OURS
    return reasons


def test_a_tree_of_pages_that_holds_itself():
    assert attempts(hostile.looping_pdf()) == ["damaged", None, None, "damaged"]
    # The next document is drawn as if nothing had been.
    assert draw_page(source(make_pdf("x"))).media_type == "image/png"


def test_a_password(tmp_path):
    assert attempts(hostile.locked_pdf(tmp_path)) == ["password"] * 4


def test_twenty_thousand_pages():
    data = hostile.long_pdf(20_000)
    assert attempts(data) == [None] * 4
    assert read_text(source(data), 19_999, 5).texts == ["x"]
    assert len(draw_small(source(data), 19_990, 24).images) == 10


@pytest.mark.parametrize("size", [(14_400, 14_400), (10**7, 10**7), (1, 10**6)])
def test_huge_pages(size):
    data = hostile.huge_page_pdf(*size)
    for reason in attempts(data):
        assert reason in (None, "damaged")


def test_a_stream_of_four_gigabytes():
    data = hostile.bomb_pdf(4000)
    assert len(data) < 20_000
    for attempt in (draw_page, read_text):
        with pytest.raises(RenderError, match=r"failed|damaged|big"):
            attempt(source(data))


def test_an_image_of_40_000_by_40_000_in_a_pdf():
    data = hostile.huge_image_pdf(40_000, 40_000)
    assert len(data) < 5_000
    try:
        assert len(draw_page(source(data)).data) < 1_000_000
    except RenderError as error:
        assert error.reason in ("failed", "big", "damaged")


def test_an_image_of_40_000_by_40_000():
    data = hostile.png(40_000, 40_000)
    for attempt in (draw_page, draw_small):
        with pytest.raises(RenderError, match="big"):
            attempt(source(data, "png"))


def test_words_have_their_place_on_turned_pages():
    data = make_pdf("Mot").replace(b"[0 0 595 842]", b"[0 0 595 842] /Rotate 90")
    words = read_words(source(data), 0)
    x, y, width, height, text = words["lines"][0][0]
    assert text == "Mot"
    assert words["height"] < words["width"]
    # What is high up at the left is at the right once turned.
    assert x > 8000 and y < 2000 and height > width


def test_small_images_of_what_is_transparent_are_white():
    buffer = io.BytesIO()
    Image.new("RGBA", (500, 500), (0, 0, 0, 0)).save(buffer, "PNG")
    small = draw_small(source(buffer.getvalue(), "png")).images[0]
    image = Image.open(io.BytesIO(small))
    assert image.size == (240, 240)
    assert image.convert("L").getextrema() == (255, 255)


def test_a_page_that_is_a_photo_is_a_jpeg():
    buffer = io.BytesIO()
    noise = Image.effect_noise((600, 800), 90)
    Image.merge("RGB", [noise, noise.rotate(90), noise.rotate(180)]).save(buffer, "PDF")
    assert draw_page(source(buffer.getvalue())).media_type == "image/jpeg"
    buffer = io.BytesIO()
    noise.save(buffer, "PDF")
    assert draw_page(source(buffer.getvalue())).media_type == "image/jpeg"


def test_a_spare_child_is_used_once_and_replaced():
    draw_page(source(make_pdf("x")))
    spare = render._spare._child
    assert spare is not None and spare.runs()
    draw_page(source(make_pdf("y")))
    assert not spare.runs()
    assert render._spare._child is not spare


def test_a_spare_child_that_died_is_not_missed():
    draw_page(source(make_pdf("x")))
    render._spare._child._process.kill()
    render._spare._child._process.wait()
    assert draw_page(source(make_pdf("y"))).media_type == "image/png"
