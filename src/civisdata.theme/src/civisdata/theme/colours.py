"""Colours of the charter: contrast as WCAG 2.2 computes it, and derived shades."""

import re


#: Contrast that WCAG 2.2 AA asks of text (1.4.3).
AA_TEXT = 4.5

HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")

Rgb = tuple[int, int, int]


def parse(colour: str) -> Rgb:
    """Return red, green and blue of ``#rrggbb``; raise ``ValueError`` for anything else."""
    if not HEX.match(colour or ""):
        raise ValueError(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def text(rgb: Rgb) -> str:
    """Return ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 for black to 1 for white (WCAG 2.2)."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in parse(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return ``colour`` with ``share`` (0 to 1) of ``other`` in it."""
    pairs = zip(parse(colour), parse(other), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return text((red, green, blue))


def readable(colour: str, towards: str, ground: str, wanted: float) -> str:
    """Return ``colour``, moved towards another until it is read on ``ground``.

    The last step is ``towards`` itself, so choose one that is readable there.
    """
    for step in range(21):
        candidate = mixed(colour, towards, step / 20)
        if contrast(candidate, ground) >= wanted:
            return candidate
    return towards
