"""The index of feeds: always what is public now, whatever happens to an item."""

from civisdata.content.news.feed import feed
from civisdata.content.news.feed_index import document_of
from civisdata.content.news.feed_index import fill_index
from civisdata.content.news.feed_index import INDEX
from civisdata.content.news.feed_index import LastChange
from civisdata.content.news.feed_index import order_of
from civisdata.content.news.feed_index import seconds_of
from DateTime import DateTime
from plone import api
import pytest


def titles(**choices) -> list[str]:
    return [item.title for item in feed(size=100, **choices).items if not item.example]


def the_index():
    return api.portal.get_tool("portal_catalog")._catalog.getIndex(INDEX)


@pytest.mark.parametrize("document_id", [0, 1, -1, 2_000_000_000, -2_000_000_000])
@pytest.mark.parametrize("moment", ["1970-01-02", "2000-01-01", "2026-11-24 10:15"])
def test_a_place_tells_item_and_time(document_id, moment):
    seconds = DateTime(f"{moment} UTC").timeTime()
    order = order_of(seconds, document_id)
    assert (document_of(order), seconds_of(order)) == (document_id, seconds)
    assert order_of(seconds + 1, document_id) < order < order_of(seconds - 1, -1)


def test_pages_follow_each_other_newest_first(portal, write):
    for number in range(7):
        write(f"N{number}", effective_date=DateTime() - 400 + number)
    everything = feed(size=100)
    assert not everything.more
    pages, start = [], 0
    while start is not None:
        page = feed(start=start, size=3)
        pages.extend(page.items)
        start = page.next_start
    assert pages == list(everything.items)
    dates = [item.published for item in pages]
    assert dates == sorted(dates, reverse=True)
    assert not feed(start=50_000).items


def test_an_item_that_matches_twice_stands_once(portal, write):
    write("Deux sujets", topics=("elections", "immobilier"), age_brackets=("18-25",))
    choices = {"topics": ["elections", "immobilier"], "brackets": ["18-25"]}
    assert titles(publishers=["cub", "bordeaux"], **choices) == ["Deux sujets"]


def test_each_step_of_the_workflow_is_seen_at_once(portal, write):
    item = write("Fête", publish=False)
    with api.env.adopt_roles(["Manager"]):
        for step, public in (
            ("publish", True),
            ("retract", False),
            ("publish", True),
            ("archive", False),
            ("reopen", False),
        ):
            api.content.transition(item, step)
            assert (titles() == ["Fête"]) is public, step


def test_changes_of_an_item_are_followed(portal, write):
    item = write("Fête", topics=("elections",))
    item.topics = ("immobilier",)
    item.reindexObject(idxs=["news_topics"])
    assert titles(topic="elections") == []
    assert titles(topic="immobilier") == ["Fête"]
    item.expiration_date = DateTime() - 1
    item.reindexObject(idxs=["expires"])
    assert titles() == []
    item.expiration_date = None
    item.effective_date = DateTime() + 1
    item.reindexObject(idxs=["effective"])
    assert titles() == []


def test_what_not_everybody_may_see_is_in_no_feed(portal, write):
    item = write("Interne")
    assert titles() == ["Interne"]
    for permission in ("Access contents information", "View"):
        item.manage_permission(permission, ["Manager"], acquire=False)
    item.reindexObjectSecurity()
    with api.env.adopt_roles(["Manager"]):
        assert titles() == []


def test_deleted_and_renamed_items(portal, write):
    item, other = write("Une"), write("Autre")
    with api.env.adopt_roles(["Manager"]):
        api.content.rename(other, new_id="ailleurs")
        api.content.delete(item)
    (row,) = [row for row in feed().items if not row.example]
    assert row.url.endswith("/ailleurs")


def test_a_catalog_that_is_rebuilt_has_the_same_feed(portal, write):
    write("Une", topics=("elections",))
    write("Brouillon", publish=False)
    before, index = feed(size=100).items, the_index()
    catalog = api.portal.get_tool("portal_catalog")
    count = index.numObjects()
    index.clear()
    assert feed().items == ()
    with api.env.adopt_roles(["Manager"]):
        catalog.clearFindAndRebuild()
    assert feed(size=100).items == before
    assert index.numObjects() == count


def test_a_site_of_before_gets_the_index_with_its_news(portal, write):
    write("Ancienne")
    api.portal.get_tool("portal_catalog").delIndex(INDEX)
    for _turn in range(2):
        fill_index()
    assert titles() == ["Ancienne"]


def test_the_last_change_is_noted_by_public_news_alone(portal, write):
    index = the_index()
    index.changed.at = 1.0
    item = write("Brouillon", publish=False)
    feed()
    assert index.changed.at == 1.0
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "publish")
    feed()
    assert index.changed.at > 1.0


def test_of_two_changes_at_once_the_later_stands():
    resolve = LastChange()._p_resolveConflict
    assert resolve({"at": 1.0}, {"at": 3.0}, {"at": 2.0}) == {"at": 3.0}
    assert resolve({}, {"at": 1.0}, {"at": 2.0}) == {"at": 2.0}


def test_uninstalling_leaves_a_catalog_that_works(portal, write):
    write("Une")
    setup = api.portal.get_tool("portal_setup")
    setup.runImportStepFromProfile(
        "profile-civisdata.content:uninstall", "catalog", run_dependencies=False
    )
    assert INDEX not in api.portal.get_tool("portal_catalog").indexes()
