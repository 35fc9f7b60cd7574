"""The home page of a personal space: greeting, chosen news, services."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.interfaces import ICivisdataLayer
from helpers.people import person
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from zope.component import getMultiAdapter
from zope.interface import alsoProvides
import pytest


@pytest.fixture
def request_(portal):
    alsoProvides(portal.REQUEST, ICivisdataLayer)
    return portal.REQUEST


@pytest.fixture
def news(portal):
    """One published news item of each of three publishers, and a private one."""
    setRoles(portal, TEST_USER_ID, ["Manager"])
    for path in ("cub", "communes/bordeaux", "communes/begles"):
        place = portal.unrestrictedTraverse(f"{path}/actualites")
        for title, publish in ((f"Nouvelle de {path}", True), ("Brouillon", False)):
            item = api.content.create(place, "News Item", title=title)
            if publish:
                api.content.transition(item, "publish")
    setRoles(portal, TEST_USER_ID, ["Member"])


def home(portal, request_, **changes):
    space = registrations.register(
        get_spaces(portal), person(**changes), with_mail=False
    )
    return getMultiAdapter((space, request_), name="view")


@pytest.mark.parametrize(
    "publishers, titles",
    [
        (("commune", "cub"), {"Nouvelle de cub", "Nouvelle de communes/bordeaux"}),
        (("commune",), {"Nouvelle de communes/bordeaux"}),
        (("cub",), {"Nouvelle de cub"}),
    ],
)
def test_the_news_are_those_that_were_chosen(
    portal, request_, news, publishers, titles
):
    view = home(portal, request_, publishers=publishers)
    assert view.wants_news
    shown = {item.title for item in view.news.items if not item.example}
    assert shown == titles


@pytest.mark.parametrize(
    "changes", [{"publishers": ()}, {"services": ("documents",)}, {"by_page": False}]
)
def test_news_that_were_not_asked_for_are_not_shown(portal, request_, news, changes):
    view = home(portal, request_, **changes)
    assert not view.wants_news
    assert "Nouvelle de" not in view()


def test_the_page_greets_and_offers_the_services(portal, request_, news):
    view = home(portal, request_, first_name="<b>Zoé</b>")
    page = view()
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in page
    assert "<b>Zoé" not in page
    assert "Mes actualités" in page and "Mes services" in page
    assert f"{view.context.absolute_url()}/@@documents" in page
    assert 'id="vault-state"' in page and "Documents verrouillés" in page
    assert "Bordeaux" in page
    assert request_.response.getHeader("Cache-Control") == "private, no-store"


@pytest.mark.parametrize("start", ["0", "-1", "x", "99999999999", ["1", "2"]])
def test_odd_pages_of_the_feed_do_no_harm(portal, request_, news, start):
    request_.form["debut"] = start
    assert "Mes actualités" in home(portal, request_)()


def test_only_its_citizen_may_see_it(portal, request_):
    view = home(portal, request_)
    for roles in (["Manager"], ["CUB Administrator"], ["Member"], []):
        setRoles(portal, TEST_USER_ID, roles)
        assert not api.user.has_permission("View", obj=view.context)
