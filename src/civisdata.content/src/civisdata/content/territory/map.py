"""The schematic map of the territory: one hexagon for each commune, and the river.

It is made from ``map.json``, so another territory replaces that file. Where the communes
lie to each other is right; sizes and borders are not, and the page says so.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt
import json


#: Half the height of a hexagon, and the gap between two, in units of the drawing.
RADIUS = 58.0
GAP = 3.0

_WIDTH = RADIUS * sqrt(3)
_ROW = RADIUS * 1.5
_LINE = 15.0


@dataclass(frozen=True)
class Tile:
    """A commune's place in the grid, and the words on it."""

    insee_code: str
    x: float
    y: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class River:
    """A river's name and the points of the grid that it flows through."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Shape:
    """A hexagon as it is drawn: outline, and each line of words with its place."""

    points: str
    words: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Drawing:
    """The whole map: ``viewBox``, the rivers' paths, and shapes by INSEE code."""

    view_box: str
    rivers: tuple[tuple[str, str], ...]
    shapes: Mapping[str, Shape]


def read(text: str) -> tuple[list[Tile], list[River]]:
    """Return the tiles and rivers of a data file; ValueError where it can't be used."""
    raw = json.loads(text)
    try:
        tiles = [
            Tile(
                row["insee_code"], float(row["x"]), float(row["y"]), tuple(row["lines"])
            )
            for row in raw["tiles"]
        ]
        rivers = [
            River(row["name"], tuple((float(x), float(y)) for x, y in row["points"]))
            for row in raw.get("rivers", ())
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"map: {error!r}") from error
    if len({tile.insee_code for tile in tiles}) != len(tiles):
        raise ValueError("map: a commune stands twice")
    return tiles, rivers


def place(x: float, y: float) -> tuple[float, float]:
    """Return where a point of the grid is drawn."""
    return round(x * _WIDTH, 1), round(y * _ROW, 1)


def _shape(tile: Tile) -> Shape:
    x, y = place(tile.x, tile.y)
    radius = RADIUS - GAP
    half = radius * sqrt(3) / 2
    corners = (
        (x, y - radius),
        (x + half, y - radius / 2),
        (x + half, y + radius / 2),
        (x, y + radius),
        (x - half, y + radius / 2),
        (x - half, y - radius / 2),
    )
    first = y - (len(tile.lines) - 1) * _LINE / 2
    return Shape(
        points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners),
        words=tuple(
            (line, x, round(first + number * _LINE, 1))
            for number, line in enumerate(tile.lines)
        ),
    )


def _path(river: River) -> str:
    """Return a smooth path through the points (Catmull-Rom as Bézier curves)."""
    points = [place(x, y) for x, y in river.points]
    padded = [points[0], *points, points[-1]]
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for before, start, end, after in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        one = [start[i] + (end[i] - before[i]) / 6 for i in (0, 1)]
        two = [end[i] - (after[i] - start[i]) / 6 for i in (0, 1)]
        parts.append("C" + " ".join(f"{value:.1f}" for value in (*one, *two, *end)))
    return "".join(parts)


def draw(tiles: Iterable[Tile], rivers: Iterable[River]) -> Drawing:
    """Return the drawing of a territory."""
    tiles = list(tiles)
    if not tiles:
        return Drawing("0 0 1 1", (), {})
    xs, ys = zip(*(place(tile.x, tile.y) for tile in tiles), strict=True)
    left, top = min(xs) - _WIDTH / 2 - 4, min(ys) - RADIUS - 4
    width, height = max(xs) - left + _WIDTH / 2 + 4, max(ys) - top + RADIUS + 4
    return Drawing(
        f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        tuple((river.name, _path(river)) for river in rivers if len(river.points) > 1),
        {tile.insee_code: _shape(tile) for tile in tiles},
    )


@cache
def territory_map() -> Drawing:
    """Return the drawing of the shipped data."""
    text = files("civisdata.content.territory").joinpath("map.json").read_text()
    return draw(*read(text))
