"""A citizen's news over HTTP: read and unread, what is looked at alone, pages."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.transfer.own_sections import export_news_read
from DateTime import DateTime
from helpers.people import person
from html import unescape
from plone import api
import pytest
import re
import requests
import transaction


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def write(portal):
    def write(title: str, place: str = "cub", days: float = 0, **fields) -> str:
        with api.env.adopt_roles(["Manager"]):
            section = portal.unrestrictedTraverse(f"{place}/actualites")
            item = api.content.create(section, "News Item", title=title, **fields)
            item.effective_date = DateTime() - days
            api.content.transition(item, "publish")
            item.reindexObject()
        transaction.commit()
        return item.UID()

    return write


@pytest.fixture
def reader(portal, make_citizen):
    """A citizen who chose the CUB, the own commune, elections and grands travaux."""
    for brain in api.portal.get_tool("portal_catalog").unrestrictedSearchResults(
        portal_type="News Item"
    ):
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(brain._unrestrictedGetObject())
    topics = ("elections", "grands-travaux")
    space = register(get_spaces(portal), person(topics=topics), with_mail=False)
    transaction.commit()
    return make_citizen(space=space)


def shown(page: str) -> list[tuple[str, bool]]:
    """Titles of the news of a page, and whether they are marked as unread."""
    rows = re.findall(r'<li[^>]*id="n-\w+".*?</li>', page, re.S)
    return [
        (
            unescape(re.search(r"<h3><a[^>]*>(.*?)</a>", row, re.S)[1]),
            "civ-unread" in row,
        )
        for row in rows
    ]


def titles(page: str) -> list[str]:
    return [title for title, _unread in shown(page)]


def token(page: str) -> str:
    return re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]


def test_opening_an_item_marks_it_and_leads_to_the_public_page(reader, write):
    uid = write("Fête")
    write("Travaux", days=1, topics=("grands-travaux",))
    page = reader.page(reader.url)
    assert shown(page) == [("Fête", True), ("Travaux", True)]
    assert "2 actualités non lues" in page
    address = re.search(r'href="([^"]*lire-actualite[^"]*)"', page)[1]
    assert address == f"{reader.url}/@@lire-actualite?uid={uid}"
    answer = reader.http.get(address, allow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{reader.base}/cub/actualites/fete"
    assert answer.headers["Cache-Control"] == "no-store"
    page = reader.page(reader.url)
    assert shown(page) == [("Fête", False), ("Travaux", True)]
    assert "1 actualité non lue" in page
    assert titles(reader.page(f"{reader.url}?lu=non")) == ["Travaux"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Purpose": "prefetch"},
        {"Sec-Fetch-Site": "cross-site"},
        None,
    ],
)
def test_what_its_citizen_did_not_open_stays_unread(reader, write, headers):
    uid = write("Fête")
    answer = reader.http.request(
        "HEAD" if headers is None else "GET",
        f"{reader.url}/@@lire-actualite?uid={uid}",
        headers=headers,
        allow_redirects=False,
    )
    assert answer.status_code == 303
    assert shown(reader.page(reader.url)) == [("Fête", True)]


@pytest.mark.parametrize(
    "uid", ["", "x" * 32, "https://exemple.fr/", "//exemple.fr", "{draft}", "{space}"]
)
def test_the_link_leads_to_public_news_only(portal, reader, write, uid):
    draft = write("Brouillon")
    with api.env.adopt_roles(["Manager"]):
        for brain in api.portal.get_tool("portal_catalog")(UID=draft):
            api.content.transition(brain.getObject(), "retract")
    transaction.commit()
    uid = uid.format(draft=draft, space=reader.id)
    answer = reader.http.get(
        f"{reader.url}/@@lire-actualite", params={"uid": uid}, allow_redirects=False
    )
    assert answer.headers["Location"] == f"{reader.url}#actualites"
    assert "Cette actualité n’est plus publiée." in reader.page(reader.url)


def test_all_are_marked_as_read_by_a_form_with_its_token(reader, write):
    write("Fête")
    page = reader.page(reader.url)
    url = f"{reader.url}/@@tout-lu"
    reader.http.post(url, data={"jusque": "9999999999"})
    reader.http.post(url, data={"_authenticator": "x" * 40})
    reader.http.get(url, params={"_authenticator": token(page)})
    assert shown(reader.page(reader.url)) == [("Fête", True)]
    until = re.search(r'name="jusque"[^>]*value="(\d+)"', page)[1]
    done = reader.http.post(url, data={"_authenticator": token(page), "jusque": until})
    assert "Toutes vos actualités sont marquées comme lues." in unescape(done.text)
    assert ("Fête", False) in shown(reader.page(reader.url))


def test_when_all_is_read_the_page_says_so_and_has_no_button(reader, write):
    write("Fête")
    data = {"_authenticator": token(reader.page(reader.url))}
    page = reader.http.post(f"{reader.url}/@@tout-lu", data=data).text
    assert "Vous avez tout lu." in unescape(page)
    assert "@@tout-lu" not in page


def test_one_publisher_or_topic_is_looked_at_without_changing_the_choices(
    reader, write
):
    write("CUB")
    write("Bordeaux", "communes/bordeaux", days=1)
    write("Élections", days=2, topics=("elections",))
    write("Ailleurs", "communes/pessac")
    write("Pas pour moi", topics=("immobilier",))
    everything = ["CUB", "Bordeaux", "Élections"]
    for query, expected in (
        ("", everything),
        ("?de=bordeaux", ["Bordeaux"]),
        ("?de=cub", ["CUB", "Élections"]),
        ("?sujet=elections", ["Élections"]),
        ("?sujet=grands-travaux", []),
        # Neither chosen, nor anything at all: nothing else than what was chosen.
        ("?de=pessac", everything),
        ("?sujet=immobilier", everything),
        ("?sujet:list=elections", everything),
        ("?lu=oui&debut=-3", everything),
    ):
        assert titles(reader.page(reader.url + query)) == expected, query
    page = reader.page(f"{reader.url}?de=bordeaux")
    current = re.findall(r'<a[^>]*aria-current="true"[^>]*>(.*?)</a>', page)
    assert "Bordeaux" in current
    assert f'href="{reader.url}?sujet=elections#actualites"' in page


def test_pages_go_on_by_plain_links(reader, write):
    for number in range(12):
        write(f"N{number:02}", days=number, topics=("elections",))
    first = reader.page(f"{reader.url}?sujet=elections")
    assert len(titles(first)) == 10
    link = re.search(r'<a[^>]*href="([^"]*)"[^>]*rel="next"', first)[1]
    assert link == f"{reader.url}?sujet=elections&debut=10#actualites"
    second = reader.page(link)
    assert titles(second) == ["N10", "N11"]
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_public_pages_know_nothing_of_it(reader, write):
    uid = write("Fête")
    page = requests.get(f"{reader.base}/actualites").text
    assert "lire-actualite" not in page
    assert "civ-unread" not in page
    for url in (f"@@lire-actualite?uid={uid}", "@@tout-lu"):
        answer = requests.get(f"{reader.url}/{url}", allow_redirects=False)
        assert answer.status_code == 404


def test_the_export_tells_what_was_read(portal, reader, write):
    uid = write("Fête")
    write("Autre")
    space = get_spaces(portal).get_space(reader.id)
    transaction.begin()
    assert export_news_read(space, reader.bundle) is None
    reader.http.get(f"{reader.url}/@@lire-actualite?uid={uid}")
    transaction.begin()
    content = export_news_read(space, reader.bundle)
    assert content["read_since"] == [uid]
    assert content["all_read_until"] < DateTime(clock.now()).ISO8601()
