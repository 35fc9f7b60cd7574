"""The accents of citizens: read in light and in dark, on each charter."""

from civisdata.theme import colours
from civisdata.theme.accents import ACCENTS
from civisdata.theme.accents import css
from civisdata.theme.charter import Charter
from civisdata.theme.charter import MUTED
from civisdata.theme.charter import NIGHT
from civisdata.theme.charter import NIGHT_SURFACE
from civisdata.theme.charter import primary_rules
from civisdata.theme.charter import shortfalls
import pytest
import re


@pytest.fixture(params=ACCENTS)
def shades(request) -> dict[str, tuple[str, str]]:
    """Return the shades of an accent: name → light, dark."""
    rules = primary_rules(ACCENTS[request.param])
    found = {name: re.findall(r"#[0-9a-f]{6}", value) for name, value in rules.items()}
    return {name: (light, dark) for name, (light, dark) in found.items()}


def test_an_accent_may_be_a_charter(shades):
    assert shortfalls(Charter(primary=shades["primary"][0])) == []


def test_an_accent_is_read_wherever_the_small_text_is(shades):
    assert colours.luminance(shades["primary"][0]) <= colours.luminance(MUTED)


@pytest.mark.parametrize("ground", [NIGHT, NIGHT_SURFACE, "#120d0f"])
@pytest.mark.parametrize("name", ["primary", "primary-strong"])
def test_the_dark_shades_are_read(shades, name, ground):
    assert colours.contrast(shades[name][1], ground) >= colours.AA_TEXT


@pytest.mark.parametrize("scheme", [0, 1])
def test_a_button_is_read(shades, scheme):
    on = shades["on-primary"][scheme]
    for ground in ("primary", "primary-strong"):
        assert colours.contrast(on, shades[ground][scheme]) >= colours.AA_TEXT
    soft = shades["primary-soft"][scheme]
    assert colours.contrast(shades["primary-strong"][scheme], soft) >= colours.AA_TEXT


def test_each_accent_is_in_the_style_sheet():
    for name in ACCENTS:
        assert f':root[data-accent="{name}"]' in css()
