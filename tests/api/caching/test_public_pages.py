"""Public pages: their ETag, their copy in memory, and when both end."""

from civisdata.content.news.browser.pages import HomeView
from plone import api
import pytest
import requests
import transaction


POLICY = "max-age=0, s-maxage=60, must-revalidate, public"
VARY = "Accept, Accept-Language, Cookie"
IN_MEMORY = "X-RAMCache"


@pytest.fixture
def rendered(monkeypatch):
    """Count how often the home page is made."""
    count = []
    news = HomeView.news

    def counted(self):
        count.append(1)
        return news(self)

    monkeypatch.setattr(HomeView, "news", counted)
    return count


def publish(portal, title: str):
    with api.env.adopt_roles(["Manager"]):
        item = api.content.create(
            portal["communes"]["bordeaux"]["actualites"], "News Item", title=title
        )
        api.content.transition(item, "publish")
    transaction.commit()
    return item


def test_the_home_page_is_made_once_and_a_304_makes_none(server, rendered):
    first = requests.get(f"{server}/")
    assert first.headers["Cache-Control"] == POLICY
    assert first.headers["Vary"] == VARY
    again = requests.get(f"{server}/")
    assert again.text == first.text
    assert IN_MEMORY in again.headers
    assert again.headers["Cache-Control"] == POLICY
    assert (
        again.headers["Content-Security-Policy"]
        == (first.headers["Content-Security-Policy"])
    )
    answer = requests.get(
        f"{server}/", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == first.headers["ETag"]
    assert answer.headers["Cache-Control"] == POLICY
    assert len(rendered) == 1


def test_what_is_published_or_taken_back_is_so_at_once(functional, server):
    portal = functional["portal"]
    etag = requests.get(f"{server}/").headers["ETag"]
    item = publish(portal, "Girafe au parc")
    after = requests.get(f"{server}/", headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert "Girafe au parc" in after.text
    assert "Girafe au parc" in requests.get(f"{server}/").text
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "retract")
    transaction.commit()
    assert "Girafe au parc" not in requests.get(f"{server}/").text


def test_the_charter_and_the_minute_end_a_page(server, functional, one_minute):
    etags = {requests.get(f"{server}/communes/bordeaux").headers["ETag"]}
    one_minute[0] += 1
    etags.add(requests.get(f"{server}/communes/bordeaux").headers["ETag"])
    api.portal.set_registry_record("civisdata.charter.primary", "#0b3d5c")
    transaction.commit()
    etags.add(requests.get(f"{server}/communes/bordeaux").headers["ETag"])
    assert len(etags) == 3


def test_nothing_of_a_citizen_is_kept_for_others(server, make_citizen, rendered):
    citizen = make_citizen()
    own = citizen.http.get(f"{server}/")
    assert "no-store" in own.headers["Cache-Control"]
    assert "ETag" not in own.headers
    visitor = requests.get(f"{server}/")
    assert IN_MEMORY not in visitor.headers
    assert "/espaces/" not in visitor.text
    assert IN_MEMORY not in citizen.http.get(f"{server}/").headers
    with_etag = citizen.http.get(
        f"{server}/", headers={"If-None-Match": visitor.headers["ETag"]}
    )
    assert with_etag.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "statusmessages=x"},
        {"Cookie": "civis=x; autre=1"},
        {"Authorization": "Basic bm9ib2R5OndpdGhvdXQ="},
    ],
)
def test_whoever_brings_something_gets_a_page_of_his_own(server, headers, rendered):
    requests.get(f"{server}/")
    answer = requests.get(f"{server}/", headers=headers)
    assert IN_MEMORY not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_queries_are_not_kept_in_memory(server):
    for _turn in range(2):
        answer = requests.get(f"{server}/?x=1")
        assert IN_MEMORY not in answer.headers
        assert answer.headers["ETag"]


def test_other_methods_and_errors_are_not_kept(server):
    assert "no-store" in requests.post(f"{server}/").headers["Cache-Control"]
    answer = requests.get(f"{server}/introuvable")
    assert answer.status_code == 404
    assert "no-store" in answer.headers["Cache-Control"]


def test_images_of_news_last_for_ever_those_of_drafts_not_at_all(functional, server):
    from io import BytesIO
    from PIL import Image
    from plone.namedfile.file import NamedBlobImage

    image = BytesIO()
    Image.new("RGB", (900, 600), "red").save(image, "PNG")
    item = publish(functional["portal"], "Image")
    item.image = NamedBlobImage(image.getvalue(), filename="a.png")
    item.reindexObject()
    transaction.commit()
    page = requests.get(item.absolute_url()).text
    start = page.index(f"{item.absolute_url()}/@@images/")
    url = page[start : page.index('"', start)]
    answer = requests.get(url)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    answer = requests.get(f"{item.absolute_url()}/@@images/image")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "retract")
    transaction.commit()
    answer = requests.get(url, allow_redirects=False)
    assert answer.status_code != 200
    assert "max-age" not in answer.headers["Cache-Control"]
