"""Colours that all can read, and logos that only draw."""

from civisdata.theme.build import THEME
from civisdata.theme.charter import Charter
from civisdata.theme.charter import NIGHT_SURFACE
from civisdata.theme.charter import shortfalls
from civisdata.theme.charter import style_sheet
from civisdata.theme.colours import contrast
from civisdata.theme.colours import parse
from civisdata.theme.colours import readable
from civisdata.theme.logo import LogoError
from civisdata.theme.logo import media_type
from io import BytesIO
from PIL import Image
import pytest
import re


def svg(body: str, attributes: str = "") -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{body}</svg>'
    ).encode()


def png(size=(8, 8)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#6d1233").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "one, other, ratio",
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    "wrong", ["", "red", "#fff", "#12345g", "#1234567", "#12345\n"]
)
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(ValueError):
        parse(wrong)


def test_the_shipped_charter_is_readable_and_needs_no_style_sheet():
    assert shortfalls(Charter()) == []
    assert style_sheet(Charter()) == ""


def test_a_pale_colour_is_refused_with_its_ratio():
    found = shortfalls(Charter(primary="#d98aa4"))
    assert {short.colour for short in found} == {"primary"}
    assert all(1 < short.ratio < short.wanted == 4.5 for short in found)


def test_a_dark_background_is_refused():
    assert {"text", "note"} <= {
        short.colour for short in shortfalls(Charter(stone="#553311"))
    }


@pytest.mark.parametrize("colour", ["#003366", "#7a0000", "#14532d", "#000000"])
def test_dark_shades_are_readable_on_the_night(colour):
    css = style_sheet(Charter(primary=colour, river=colour))
    for name in ("primary", "river"):
        dark = re.search(rf"--civ-{name}:light-dark\(#\w+,(#\w+)\)", css)[1]
        assert contrast(dark, NIGHT_SURFACE) >= 4.5
    ground, front = (
        re.search(rf"--civ-{name}:light-dark\(#\w+,(#\w+)\)", css)[1]
        for name in ("primary", "on-primary")
    )
    assert contrast(ground, front) >= 4.5
    assert readable(colour, "#ffffff", "#ffffff", 30) == "#ffffff"


def test_the_tokens_of_the_theme_are_the_default_charter():
    tokens = (THEME / "css" / "sources" / "10-tokens.css").read_text()
    default = Charter()
    for name, value in (
        ("primary", default.primary),
        ("river", default.river),
        ("bg", default.stone),
    ):
        assert f"--civ-{name}: light-dark({value}," in tokens


@pytest.mark.parametrize(
    "body",
    [
        "<path d='M0 0h8v8z'/>",
        "<style>.a{fill:#123456}</style><g class='a'/>",
        "<!-- x --><rect fill='url(#p)' width='1'/>",
    ],
)
def test_drawings_are_taken(body):
    assert media_type(svg(body)) == "image/svg+xml"
    assert media_type((THEME / "img" / "logo.svg").read_bytes()) == "image/svg+xml"


def test_a_png_is_taken():
    assert media_type(png()) == "image/png"


@pytest.mark.parametrize(
    "data, reason",
    [
        (svg("<script>alert(1)</script>"), "active"),
        (svg("<g/>", 'onload="alert(1)"'), "active"),
        (svg("<a href='javascript:alert(1)'><g/></a>"), "active"),
        (svg("<use xlink:href='https://example.org/a.svg#x'/>"), "active"),
        (svg("<use href='data:image/svg+xml,x'/>"), "active"),
        (
            svg(
                "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"
            ),
            "active",
        ),
        (svg("<style>@import 'https://example.org'</style>"), "active"),
        (svg("<style>.a{fill:u\\72l(https://example.org)}</style>"), "active"),
        (svg("<rect style='fill:url(https://example.org)'/>"), "active"),
        (svg("<animate attributeName='href' to='javascript:1'/>"), "active"),
        (svg("<?xml-stylesheet href='x'?>"), "active"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "active"),
        (svg("<g>"), "broken"),
        (png()[:40], "broken"),
        (b"<html><svg></svg></html>", "unknown"),
        (b"GIF89a", "unknown"),
        (svg("<g/>" * 60_000), "too-large"),
        (png((5000, 1)), "too-large"),
    ],
)
def test_what_is_more_than_a_drawing_is_refused(data, reason):
    with pytest.raises(LogoError) as caught:
        media_type(data)
    assert caught.value.reason == reason
