"""The page of results and the suggestions, over HTTP."""

from bs4 import BeautifulSoup
from plone import api
import pytest
import requests
import transaction


TITLE = "Fêtes des écoles <b>"


@pytest.fixture
def site(functional, server):
    portal = functional["portal"]
    with api.env.adopt_roles(["Manager"]):
        for place in ("communes/pessac", "communes/bordeaux"):
            item = api.content.create(
                portal.unrestrictedTraverse(f"{place}/actualites"),
                "News Item",
                title=TITLE,
                description="Dans la cour",
            )
            api.content.transition(item, "publish")
        api.content.create(
            portal.unrestrictedTraverse("cub/actualites"),
            "News Item",
            title="Fête secrète",
        )
    transaction.commit()
    return server


def page(site: str, **query) -> BeautifulSoup:
    answer = requests.get(f"{site}/@@search", params=query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def links(found: BeautifulSoup) -> list[str]:
    return [link["href"] for link in found.select(".civ-feed h3 a")]


def test_results_are_filtered_and_filters_can_be_dropped(site):
    found = page(site, SearchableText="fete école")
    assert len(links(found)) == 2
    assert found.select_one("h2[role=status]").get_text().startswith("2\xa0résultats")
    found = page(site, SearchableText="fete", commune="pessac", type="actualite")
    (link,) = links(found)
    assert "/communes/pessac/" in link
    assert found.select_one("#search-publisher [selected]")["value"] == "pessac"
    found = page(site, SearchableText="fete", type="commune")
    assert links(found) == []
    assert "type" not in found.find("a", string="Chercher sans filtre")["href"]


def test_suggestions_are_public_titles(site):
    answer = requests.get(f"{site}/@@suggestions", params={"q": "fet"})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert [row["title"] for row in answer.json()] == [TITLE, TITLE]
    assert requests.get(f"{site}/@@suggestions").json() == []


@pytest.mark.parametrize(
    "query",
    [
        {"SearchableText": "((AND NOT"},
        {"SearchableText": "a\0b"},
        {"SearchableText": "x" * 6_000},
        {"SearchableText:list": "fete"},
        {"SearchableText": "fete", "type": "<script>", "commune": "'", "periode": "x"},
        {"SearchableText": "fete", "type:list": "document", "debut": "-1"},
        {"SearchableText": "fete", "debut": "9" * 50},
        {"SearchableText": "fete", "allowedRolesAndUsers": "Manager"},
        {"SearchableText:record": "x", "SearchableText.query:record": "secrete"},
    ],
)
def test_hostile_queries_are_harmless(site, query):
    for name in ("@@search", "@@suggestions"):
        query |= {"q": query.get("SearchableText", "")}
        answer = requests.get(f"{site}/{name}", params=query)
        assert answer.status_code in (200, 400)
        assert "secrète" not in answer.text
        assert "<script>" not in answer.text.replace("<script>\n", "")
