"""Finding a commune by name or postal code."""

from civisdata.content.territory.data import communes
from civisdata.content.territory.finding import distance
from civisdata.content.territory.finding import matching
import pytest


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        ("33000", "bordeaux"),
        ("33 700", "merignac"),
        ("33800", "bordeaux"),
        ("33290", "blanquefort parempuyre"),
        ("33160", "saint-aubin-de-medoc saint-medard-en-jalles"),
        ("Bordeaux", "bordeaux"),
        ("33000 Bordeaux", "bordeaux"),
        ("BORDEAUX", "bordeaux"),
        ("bordaux", "bordeaux"),
        ("st medard", "saint-medard-en-jalles"),
        ("St. Médard en Jalles", "saint-medard-en-jalles"),
        ("SAINT-MEDARD-EN-JALLES", "saint-medard-en-jalles"),
        ("bouscat", "le-bouscat"),
        ("Le Haillan", "le-haillan"),
        ("taillan", "le-taillan-medoc"),
        ("merginac", "merignac"),
        ("Villenave d'Ornon", "villenave-d-ornon"),
        ("villenave dornon", "villenave-d-ornon"),
        ("artigues", "artigues-pres-bordeaux"),
        ("ambarès", "ambares-et-lagrave"),
        ("ambes", "ambes"),
        ("lagrave", "ambares-et-lagrave"),
        ("pesac", "pessac"),
        ("bou", "bouliac le-bouscat"),
        ("", ""),
        ("   ", ""),
        ("paris", ""),
        ("75001", ""),
        ("33999", ""),
        ("<script>alert(1)</script>", ""),
        ("x" * 5000, ""),
        ("é" * 60, ""),
        ("٣٣٠٠٠", ""),
    ],
)
def test_who_is_meant(wanted, slugs):
    assert " ".join(row.slug for row in matching(communes(), wanted)) == slugs


@pytest.mark.parametrize("commune", communes(), ids=lambda commune: commune.slug)
def test_each_commune_is_found_by_its_own_name(commune):
    assert matching(communes(), commune.name) == [commune]


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("a", "xyz", 3),
    ],
)
def test_distance(one, other, slips):
    assert distance(one, other) == distance(other, one) == slips
