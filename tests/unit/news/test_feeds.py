"""Atom and JSON Feed from plain values; conditional requests; robots.txt; JSON-LD."""

from civisdata.content.news.syndication.article import news_article
from civisdata.content.news.syndication.conditional import entity_tag
from civisdata.content.news.syndication.conditional import http_date
from civisdata.content.news.syndication.conditional import is_known
from civisdata.content.news.syndication.feeds import atom
from civisdata.content.news.syndication.feeds import Entry
from civisdata.content.news.syndication.feeds import Feed
from civisdata.content.news.syndication.feeds import json_feed
from civisdata.content.news.syndication.robots import robots
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone.base.interfaces.controlpanel import ROBOTS_TXT
from xml.etree import ElementTree
from zoneinfo import ZoneInfo
import json
import pytest


A = "{http://www.w3.org/2005/Atom}"
UID = "0123456789abcdef0123456789abcdef"
WHEN = datetime(2026, 11, 24, 10, 5, tzinfo=ZoneInfo("Europe/Paris"))
HOSTILE = '<script>alert("1")</script> & \x00\x0b\ud800\ufffe ]]> é'


def feed(**changes) -> Feed:
    entry = Entry(
        uid=UID,
        url="https://exemple.fr/cub/actualites/fete",
        title="Fête",
        summary="",
        author="Bordeaux",
        published=WHEN,
        updated=WHEN,
        topics=(("elections", "Élections"),),
        **changes,
    )
    return Feed(
        title="Actualités",
        page="https://exemple.fr/actualites",
        atom="https://exemple.fr/@@actualites.atom",
        json="https://exemple.fr/@@actualites.json",
        author="CUB",
        entries=[entry],
        updated=WHEN,
    )


def test_atom_has_all_that_the_standard_asks_for():
    root = ElementTree.fromstring(atom(feed()))
    assert root.tag == f"{A}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{A}{name}")) == 1, name
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert links == {
        "self": "https://exemple.fr/@@actualites.atom",
        "alternate": "https://exemple.fr/actualites",
    }
    (entry,) = root.findall(f"{A}entry")
    assert entry.findtext(f"{A}id") == "urn:uuid:01234567-89ab-cdef-0123-456789abcdef"
    assert entry.findtext(f"{A}updated") == "2026-11-24T09:05:00Z"
    assert entry.findtext(f"{A}summary") == "Fête"
    assert entry.find(f"{A}author/{A}name").text == "Bordeaux"
    assert entry.find(f"{A}category").get("term") == "elections"


def test_json_feed_has_all_that_its_version_asks_for():
    data = json.loads(json_feed(feed(image="https://exemple.fr/i.png")))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["feed_url"] == "https://exemple.fr/@@actualites.json"
    assert data["language"] == "fr"
    (item,) = data["items"]
    assert item["id"].startswith("urn:uuid:")
    assert item["content_text"] == "Fête"
    assert item["date_published"] == "2026-11-24T09:05:00Z"
    assert item["tags"] == ["Élections"]
    assert item["image"] == "https://exemple.fr/i.png"


def test_whatever_stands_in_a_title_the_feeds_stay_well_formed():
    hostile = feed()
    entry = hostile.entries[0]
    object.__setattr__(entry, "title", HOSTILE)
    object.__setattr__(entry, "topics", (("a", HOSTILE),))
    root = ElementTree.fromstring(atom(hostile))
    title = root.findtext(f"{A}entry/{A}title")
    assert title == '<script>alert("1")</script> &  ]]> é'
    assert json.loads(json_feed(hostile))["items"][0]["title"] == title


def test_the_id_of_an_entry_stays_where_the_portal_moves():
    moved = feed()
    object.__setattr__(moved.entries[0], "url", "https://ailleurs.fr/x")
    first, second = (ElementTree.fromstring(atom(one)) for one in (feed(), moved))
    assert first.findtext(f"{A}entry/{A}id") == second.findtext(f"{A}entry/{A}id")


@pytest.mark.parametrize(
    "none_match,since,known",
    [
        ("", "", False),
        ('"x"', "", False),
        ("{tag}", "", True),
        ('W/{tag}, "x"', "", True),
        ("*", "", True),
        ("", "{date}", True),
        ("", "{before}", False),
        ("", "yesterday", False),
        # The tag decides.
        ('"x"', "{date}", False),
    ],
)
def test_conditional_requests(none_match, since, known):
    tag = entity_tag(b"body")
    values = {
        "tag": tag,
        "date": http_date(WHEN),
        "before": http_date(WHEN - timedelta(seconds=1)),
    }
    changed = WHEN.astimezone(UTC) + timedelta(milliseconds=5)
    assert (
        is_known(tag, changed, none_match.format(**values), since.format(**values))
        is known
    )


def test_robots_have_the_sitemap_and_what_webmasters_wrote():
    text = robots("https://exemple.fr", ROBOTS_TXT.replace("\n", "\r\n"))
    assert text.startswith("Sitemap: https://exemple.fr/sitemap.xml\n")
    assert "Disallow: /espaces\n" in text
    assert "Googlebot" not in text
    own = robots("https://exemple.fr", "User-agent: X\nDisallow: {portal_url} {a}")
    assert own.endswith("\nUser-agent: X\nDisallow: https://exemple.fr {a}\n")


def test_an_article_leaves_out_what_it_has_not():
    data = news_article(
        url="u",
        title="t" * 200,
        summary="",
        published="2026-01-02T00:00:00+00:00",
        modified="2026-01-01T00:00:00+00:00",
        publisher="CUB",
    )
    assert len(data["headline"]) == 110
    assert data["dateModified"] == data["datePublished"]
    assert not {"description", "image", "articleSection"} & set(data)
