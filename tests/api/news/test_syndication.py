"""Feeds, sitemap, robots.txt and metadata over HTTP: right, and nothing private."""

from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.news.feed_index import INDEX
from civisdata.content.news.syndication import sitemap
from DateTime import DateTime
from helpers.people import person
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.app.textfield import RichTextValue
from xml.etree import ElementTree
import json
import pytest
import re
import requests
import transaction


A = "{http://www.w3.org/2005/Atom}"
S = f"{{{sitemap.NAMESPACE}}}"
SECRETS = ("Brouillon", "Demain", "Hier", "Archivée", "Interne")


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def write(portal):
    def write(title: str, place: str = "cub", *steps: str, **fields):
        with api.env.adopt_roles(["Manager"]):
            section = portal.unrestrictedTraverse(f"{place}/actualites")
            item = api.content.create(section, "News Item", title=title, **fields)
            for step in steps or ("publish",):
                if step != "none":
                    api.content.transition(item, step)
            item.reindexObject()
        transaction.commit()
        return item

    return write


@pytest.fixture
def news(portal, write):
    """Public news of three places, and whatever must not be seen."""
    write("Fête", topics=("elections",), description="Un résumé & plus")
    write("Travaux", "communes/bordeaux")
    write("Pessac", "communes/pessac")
    write("Brouillon", "cub", "none")
    write("Demain", effective_date=DateTime() + 1)
    write("Hier", effective_date=DateTime() - 2, expiration_date=DateTime() - 1)
    write("Archivée", "cub", "publish", "archive")
    internal = write("Interne")
    for permission in ("Access contents information", "View"):
        internal.manage_permission(permission, ["Manager"], acquire=False)
    internal.reindexObjectSecurity()
    space = register(get_spaces(portal), person(), with_mail=False)
    transaction.commit()
    return space


def atom_titles(text: str) -> set[str]:
    root = ElementTree.fromstring(text.encode())
    titles = {entry.findtext(f"{A}title") for entry in root.findall(f"{A}entry")}
    return titles & {"Fête", "Travaux", "Pessac", *SECRETS}


FEEDS = (
    ("/", {"Fête", "Travaux", "Pessac"}),
    ("/cub/", {"Fête"}),
    ("/communes/bordeaux/", {"Travaux"}),
)


@pytest.mark.parametrize("place,expected", FEEDS)
@pytest.mark.parametrize("auth", [None, (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)])
def test_feeds_have_the_public_news_of_their_place(server, news, place, expected, auth):
    answer = requests.get(f"{server}{place}@@actualites.atom", auth=auth)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    answer.encoding = "utf-8"
    assert atom_titles(answer.text) == expected
    root = ElementTree.fromstring(answer.content)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert links["self"] == answer.url
    assert requests.get(links["alternate"]).status_code == 200
    for entry in root.findall(f"{A}entry"):
        url = entry.find(f"{A}link").get("href")
        assert url.startswith(f"{server}/")
        assert requests.get(url).status_code == 200
    answer = requests.get(f"{server}{place}@@actualites.json", auth=auth)
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    titles = {item["title"] for item in json.loads(answer.content)["items"]}
    assert titles >= expected
    assert not titles & set(SECRETS)


def test_feeds_by_topic(server, news):
    for place, expected in (("/", {"Fête"}), ("/communes/bordeaux/", set())):
        url = f"{server}{place}@@actualites.atom?sujet=elections"
        answer = requests.get(url)
        answer.encoding = "utf-8"
        assert atom_titles(answer.text) == expected
        root = ElementTree.fromstring(answer.content)
        assert root.find(f"{A}link[@rel='self']").get("href") == url
    for wrong in ("sujet=rien", "sujet:list=elections", "sujet=<x>"):
        answer = requests.get(f"{server}/@@actualites.atom?{wrong}")
        assert answer.status_code == 404, wrong


@pytest.mark.parametrize("kind", ["atom", "json"])
def test_a_reader_that_has_the_feed_gets_304_until_it_changes(
    portal, server, write, kind
):
    write("Fête")
    url = f"{server}/@@actualites.{kind}"
    first = requests.get(url)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert "public" in first.headers["Cache-Control"]
    for headers in (
        {"If-None-Match": tag},
        {"If-Modified-Since": changed},
        {"If-None-Match": tag, "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        answer = requests.get(url, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == tag
    # The clock of HTTP's dates has whole seconds.
    index = api.portal.get_tool("portal_catalog")._catalog.getIndex(INDEX)
    write("Autre")
    index.changed.at += 5
    transaction.commit()
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": changed}):
        assert requests.get(url, headers=headers).status_code == 200


def test_pages_name_their_feeds(server, news):
    for page, feed in (
        ("/", "/@@actualites.atom"),
        ("/actualites", "/@@actualites.atom"),
        ("/actualites?sujet=elections", "/@@actualites.atom?sujet=elections"),
        ("/cub", "/cub/@@actualites.atom"),
        ("/communes/bordeaux", "/communes/bordeaux/@@actualites.atom"),
        ("/communes/bordeaux/actualites", "/communes/bordeaux/@@actualites.atom"),
    ):
        text = requests.get(server + page).text
        (link,) = re.findall(r"<link[^>]*application/atom\+xml[^>]*>", text)
        assert f'href="{server}{feed}"' in link, page
        assert re.search(r"<link[^>]*application/feed\+json[^>]*>", text), page
        if page != "/":
            body = text.partition("<body")[2]
            assert f'href="{server}{feed}"' in body, page


@pytest.mark.parametrize(
    "name",
    ["RSS", "rss.xml", "atom.xml", "itunes.xml", "newsml.xml", "search_rss"],
)
def test_plones_own_feeds_are_closed(server, news, name):
    for place in ("/", "/cub/", "/cub/actualites/", "/communes/bordeaux/actualites/"):
        answer = requests.get(f"{server}{place}{name}", allow_redirects=False)
        assert answer.status_code == 404, place


def locations(content: bytes) -> list[str]:
    return [element.text for element in ElementTree.fromstring(content).iter(f"{S}loc")]


def test_the_sitemap_has_public_content_only(server, news):
    index = requests.get(f"{server}/sitemap.xml")
    assert index.headers["Content-Type"] == "application/xml; charset=utf-8"
    (part,) = locations(index.content)
    answer = requests.get(part)
    assert answer.status_code == 200
    found = locations(answer.content)
    assert len(found) == len(set(found))
    assert found[0] == server
    for path in ("/cub", "/communes/bordeaux", "/cub/actualites/fete"):
        assert f"{server}{path}" in found
    assert "espaces" not in answer.text
    assert news.getId() not in answer.text
    for word in ("brouillon", "demain", "hier", "archivee", "interne"):
        assert f"/{word}" not in answer.text
    for url in found:
        assert requests.get(url).status_code == 200, url
    times = [
        one.text for one in ElementTree.fromstring(answer.content).iter(f"{S}lastmod")
    ]
    assert len(times) == len(found) - 1
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one) for one in times)


def test_a_part_that_was_kept_follows_the_content(server, write):
    item = write("Fête")
    url = f"{server}/sitemap.xml?partie=1"
    assert f"{server}/cub/actualites/fete" in locations(requests.get(url).content)
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "retract")
    transaction.commit()
    assert f"{server}/cub/actualites/fete" not in locations(requests.get(url).content)


def test_a_large_sitemap_is_divided(server, write, monkeypatch):
    (whole,) = locations(requests.get(f"{server}/sitemap.xml").content)
    everything = locations(requests.get(whole).content)
    monkeypatch.setattr(sitemap, "PART", 7)
    sitemap._part.cache_clear()
    parts = locations(requests.get(f"{server}/sitemap.xml").content)
    assert len(parts) > 2
    found = [url for part in parts for url in locations(requests.get(part).content)]
    sitemap._part.cache_clear()
    assert sorted(found) == sorted(everything)


@pytest.mark.parametrize("wrong", ["0", "99999", "-1", "x", "1.5", "٣", "9" * 5000])
def test_parts_that_are_not_there(server, wrong):
    answer = requests.get(f"{server}/sitemap.xml", params={"partie": wrong})
    assert answer.status_code == 404


def test_plones_address_of_the_sitemap_leads_to_ours(server):
    answer = requests.get(f"{server}/sitemap.xml.gz", allow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{server}/sitemap.xml"


def test_robots_txt(server):
    answer = requests.get(f"{server}/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == f"Sitemap: {server}/sitemap.xml"
    assert "Disallow: /espaces" in lines
    assert "Disallow: /@@search" in lines


def test_a_news_item_tells_what_it_is(server, portal, write):
    title = 'Fête </script><script>alert("1")</script>'
    item = write(title, description='Un "résumé"', topics=("elections",))
    item.text = RichTextValue("<p>Texte</p>", "text/html", "text/x-html-safe")
    transaction.commit()
    url = f"{server}/cub/actualites/{item.getId()}"
    page = requests.get(url).text
    assert f'<link href="{url}" rel="canonical"' in page or (
        f'rel="canonical" href="{url}"' in page
    )
    assert re.search(r'<meta[^>]*property="og:type"[^>]*>', page)
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page, re.S
    )
    data = json.loads(block)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == title
    assert data["url"] == url
    assert data["articleSection"] == ["Élections"]
    assert "<script>alert" not in page


def test_a_draft_tells_nothing_to_other_programs(server, write):
    item = write("Brouillon", "cub", "none")
    page = requests.get(
        f"{server}/cub/actualites/{item.getId()}",
        auth=(SITE_OWNER_NAME, SITE_OWNER_PASSWORD),
    ).text
    assert "Brouillon" in page
    assert "ld+json" not in page
    assert "og:title" not in page
