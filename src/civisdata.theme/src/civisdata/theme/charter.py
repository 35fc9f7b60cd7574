"""The charter: the colours and the logo that webmasters set, and what follows from them."""

from civisdata.theme import colours
from dataclasses import dataclass


WHITE = "#ffffff"
INK = "#241a1d"
MUTED = "#62564f"
NIGHT = "#161113"
NIGHT_SURFACE = "#1f181b"


@dataclass(frozen=True)
class Charter:
    """Three colours, as ``#rrggbb``; everything else is derived."""

    primary: str = "#6d1233"
    river: str = "#1d5264"
    stone: str = "#faf7f1"

    @property
    def sunken(self) -> str:
        return colours.mixed(self.stone, "#8a6a2f", 0.08)

    @property
    def river_soft(self) -> str:
        return colours.mixed(self.river, WHITE, 0.88)

    @property
    def river_deep(self) -> str:
        return colours.readable(
            colours.mixed(self.river, "#000000", 0.25), "#000000", "#eef6f7", 7
        )


@dataclass(frozen=True)
class Pair:
    """Two colours that are read on each other: who, on what, how well.

    The names are those of the fields (``primary``, ``river``, ``stone``), ``white``,
    ``text`` and ``note``.
    """

    colour: str
    ground: str
    ratio: float
    wanted: float

    @property
    def enough(self) -> bool:
        return self.ratio >= self.wanted


def pairs(charter: Charter) -> list[Pair]:
    """Return the pairs of a charter that are checked."""
    checked = (
        ("primary", "stone", charter.primary, charter.sunken, colours.AA_TEXT),
        ("primary", "white", charter.primary, WHITE, colours.AA_TEXT),
        ("river", "stone", charter.river, charter.sunken, colours.AA_TEXT),
        ("river", "white", charter.river, charter.river_soft, colours.AA_TEXT),
        ("text", "stone", INK, charter.sunken, 7.0),
        ("note", "stone", MUTED, charter.sunken, colours.AA_TEXT),
    )
    return [
        Pair(name, ground_name, colours.contrast(colour, ground), wanted)
        for name, ground_name, colour, ground, wanted in checked
    ]


def shortfalls(charter: Charter) -> list[Pair]:
    """Return the pairs below WCAG 2.2 AA; none when the charter may be used."""
    return [pair for pair in pairs(charter) if not pair.enough]


def _both(light: str, dark: str) -> str:
    return f"light-dark({light},{dark})"


def primary_rules(primary: str) -> dict[str, str]:
    """Return the custom properties that follow from a main colour."""
    dark = colours.readable(primary, WHITE, NIGHT_SURFACE, 6.5)
    return {
        "primary": _both(primary, dark),
        "primary-strong": _both(
            colours.mixed(primary, "#000000", 0.3), colours.mixed(dark, WHITE, 0.4)
        ),
        "on-primary": _both(WHITE, colours.mixed(dark, "#000000", 0.88)),
        "primary-soft": _both(
            colours.mixed(primary, WHITE, 0.9),
            colours.mixed(primary, NIGHT_SURFACE, 0.7),
        ),
        "moon": _both(primary, "#f2d9c0"),
    }


def _river_rules(charter: Charter) -> dict[str, str]:
    dark = colours.readable(charter.river, WHITE, NIGHT_SURFACE, 6.5)
    return {
        "river": _both(charter.river, dark),
        "river-soft": _both(
            charter.river_soft, colours.mixed(charter.river, "#000000", 0.65)
        ),
        "river-deep": _both(
            charter.river_deep, colours.mixed(charter.river_deep, "#000000", 0.45)
        ),
    }


def _stone_rules(charter: Charter) -> dict[str, str]:
    return {
        "bg": _both(charter.stone, NIGHT),
        "sunken": _both(charter.sunken, "#120d0f"),
    }


def all_rules(charter: Charter) -> dict[str, str]:
    """Return all custom properties of a charter, as its preview needs them."""
    return {
        **primary_rules(charter.primary),
        **_river_rules(charter),
        **_stone_rules(charter),
    }


def declarations(rules: dict[str, str]) -> str:
    """Return custom properties as CSS, without the braces."""
    return ";".join(f"--civ-{name}:{value}" for name, value in rules.items())


def style_sheet(charter: Charter) -> str:
    """Return the custom properties that differ from the theme's own; may be empty.

    The dark shades are moved towards white until they are read on the dark ground.
    """
    default = Charter()
    rules: dict[str, str] = {}
    if charter.primary != default.primary:
        rules |= primary_rules(charter.primary)
    if charter.river != default.river:
        rules |= _river_rules(charter)
    if charter.stone != default.stone:
        rules |= _stone_rules(charter)
    return f":root{{{declarations(rules)}}}\n" if rules else ""
