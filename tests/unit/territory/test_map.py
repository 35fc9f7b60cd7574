"""The schematic map, made from data."""

from civisdata.content.territory.data import communes
from civisdata.content.territory.map import draw
from civisdata.content.territory.map import place
from civisdata.content.territory.map import read
from civisdata.content.territory.map import territory_map
from importlib.resources import files
import json
import pytest


def shipped():
    return read(files("civisdata.content.territory").joinpath("map.json").read_text())


def test_each_commune_has_its_place():
    assert set(territory_map().shapes) == {row.insee_code for row in communes()}


def test_the_words_are_the_names():
    names = {row.insee_code: row.name for row in communes()}
    for tile in shipped()[0]:
        assert "".join(tile.lines).replace(" ", "") == names[tile.insee_code].replace(
            " ", ""
        )


def test_no_two_communes_share_a_place():
    tiles = shipped()[0]
    for one in tiles:
        for other in tiles:
            if one is not other:
                (a, b), (c, d) = place(one.x, one.y), place(other.x, other.y)
                assert (a - c) ** 2 + (b - d) ** 2 > 95**2, (one, other)


def test_north_is_above_and_the_right_bank_is_to_the_east():
    at = {tile.insee_code: tile for tile in shipped()[0]}
    assert at["33004"].y < at["33063"].y < at["33550"].y  # Ambès, Bordeaux, Villenave
    assert at["33281"].x < at["33063"].x < at["33119"].x  # Mérignac, Bordeaux, Cenon


def test_the_map_is_small():
    drawing = territory_map()
    size = sum(len(shape.points) for shape in drawing.shapes.values())
    assert size + sum(len(path) for _name, path in drawing.rivers) < 5_000


def test_another_territory():
    text = json.dumps(
        {"tiles": [{"insee_code": "75056", "x": 0, "y": 0, "lines": ["Paris"]}]}
    )
    drawing = draw(*read(text))
    assert list(drawing.shapes) == ["75056"] and drawing.rivers == ()
    assert draw([], []).shapes == {}


@pytest.mark.parametrize(
    "raw",
    [
        {"tiles": [{"x": 1}]},
        {"tiles": [{"insee_code": "1", "x": "?", "y": 0, "lines": []}]},
        {"tiles": [{"insee_code": "1", "x": 0, "y": 0, "lines": []}] * 2},
    ],
)
def test_data_that_cant_be_drawn(raw):
    with pytest.raises(ValueError):
        read(json.dumps(raw))
