"""The search of the public content."""

from civisdata.content.search.lexicon import is_french
from civisdata.content.search.lexicon import make_french
from civisdata.content.search.lexicon import make_plain
from civisdata.content.search.query import Filters
from civisdata.content.search.query import LAST_START
from civisdata.content.search.query import search
from civisdata.content.search.query import suggest
from DateTime import DateTime
from plone import api
import pytest


PROFILE = "civisdata.content:default"


def titles(text: str, *args, **kwargs) -> list[str]:
    return [row.title for row in search(text, *args, **kwargs)[0]]


def test_plurals_accents_and_beginnings_find(write):
    write("Les kermesses des écoles élémentaires")
    for text in ("kermesse", "KERMESSES", "kerm", "école elementaire", "l’ecole kerm"):
        assert titles(text) == ["Les kermesses des écoles élémentaires"]


def test_titles_come_first_then_the_newest(write):
    write("Autre", description="zébulon", effective_date=DateTime("2026/03/01"))
    write("Zébulon ancien", effective_date=DateTime("2020/01/01"))
    write("Zébulons récents", effective_date=DateTime("2025/01/01"))
    write("Encore", description="zébulons", effective_date=DateTime("2024/01/01"))
    everything = ["Zébulons récents", "Zébulon ancien", "Autre", "Encore"]
    assert titles("zébulon") == everything
    for start in range(4):
        rows, total = search("zébulon", start=start, size=2)
        assert total == 4
        assert [row.title for row in rows] == everything[start : start + 2]


def test_filters(write):
    write("Zébulon à Pessac", "communes/pessac")
    write("Zébulon de la CUB", effective_date=DateTime() - 60)
    write("Zébulon d’hier", "communes/bordeaux", effective_date=DateTime() - 1)
    assert set(titles("zebulon", Filters(publisher="pessac"))) == {"Zébulon à Pessac"}
    assert titles("zebulon", Filters(kind="document")) == []
    assert len(titles("zebulon", Filters(kind="actualite"))) == 3
    assert "Zébulon de la CUB" not in titles("zebulon", Filters(period="mois"))
    assert len(titles("zebulon", Filters(period="an"))) == 3
    assert titles("pessac", Filters(kind="commune")) == ["Pessac"]


def test_drafts_and_what_is_over_are_found_by_nobody(write):
    write("Zébulon brouillon", publish=False)
    write("Zébulon à venir", effective_date=DateTime() + 2)
    write("Zébulon passé", expiration_date=DateTime() - 1)
    for roles in (["Anonymous"], ["Manager"]):
        with api.env.adopt_roles(roles):
            assert search("zebulon") == ([], 0)
            assert suggest("zebulon") == []


def test_suggestions_are_the_newest_titles(write):
    for number in range(10):
        write(f"Zébulon {number}", effective_date=DateTime(2025, 1, number + 1))
    write("Autre", description="zébulon")
    found = [row.title for row in suggest("zeb")]
    assert found == [f"Zébulon {number}" for number in range(9, 1, -1)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AND OR NOT",
        "((((",
        '"',
        '"a',
        "* ? -x",
        "not",
        "\0",
        "x" * 10_000,
        "mot " * 5_000,
        "<script>",
        "de la",
    ],
)
def test_no_text_breaks_the_search(portal, text):
    rows, total = search(text)
    assert len(rows) <= total
    suggest(text)


def test_far_pages_are_empty_rather_than_slow(write):
    write("Zébulon")
    assert search("zebulon", start=10**9) == ([], 1)
    assert LAST_START <= 1000


def upgrade() -> None:
    setup = api.portal.get_tool("portal_setup")
    setup.setLastVersionForProfile(PROFILE, "2")
    setup.upgradeProfile(PROFILE, dest="3")


def test_a_site_of_version_2_learns_french(portal, write):
    catalog = api.portal.get_tool("portal_catalog")
    write("Les zébulons verts")
    assert make_plain(catalog)
    assert not is_french(catalog)
    assert titles("zebulonne verte") == []
    assert len(catalog(SearchableText="zebulons")) == 1
    for _turn in range(2):
        upgrade()
        assert is_french(catalog)
        assert titles("zébulon vert") == ["Les zébulons verts"]
        assert len(catalog(Title="vert")) == 1
    assert make_french(catalog) == 0


def test_uninstalled_nothing_of_ours_stays_in_the_lexicon(portal, write):
    catalog = api.portal.get_tool("portal_catalog")
    write("Les zébulons verts")
    setup = api.portal.get_tool("portal_setup")
    setup.runAllImportStepsFromProfile("profile-civisdata.content:uninstall")
    assert not is_french(catalog)
    assert len(catalog(SearchableText="zebulons")) == 1
    assert len(catalog(SearchableText="zebulon")) == 0
