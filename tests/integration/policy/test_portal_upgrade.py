"""The content profile's steps to versions 3 and 4, on a site of the version before."""

from civisdata.content.news import ages
from civisdata.content.news.feed import feed
from civisdata.content.news.topics import RETIRED_RECORD
from civisdata.content.news.topics import retired_topics
from plone import api
from plone.registry.interfaces import IRegistry
from zope.component import getUtility
import pytest


PROFILE = "civisdata.content:default"


@pytest.fixture
def old_site(portal):
    """Take from the site what version 2 didn't have."""
    catalog = api.portal.get_tool("portal_catalog")
    catalog.delIndex("publisher")
    for commune in portal["communes"].objectValues():
        commune._p_activate()
        for name in ("population", "population_year", "population_source", "website"):
            commune.__dict__.pop(name, None)
    return portal


def upgrade() -> None:
    setup = api.portal.get_tool("portal_setup")
    setup.setLastVersionForProfile(PROFILE, "2")
    setup.upgradeProfile(PROFILE, dest="3")


def test_the_indexes_are_there_and_topics_stay_as_webmasters_set_them(old_site):
    api.portal.set_registry_record("civisdata.topics", {"plage": "Plages"})
    for _turn in range(2):
        upgrade()
    assert "publisher" in api.portal.get_tool("portal_catalog").indexes()
    assert api.portal.get_registry_record("civisdata.topics") == {"plage": "Plages"}


def test_news_of_before_are_found_by_topic_and_age(portal):
    with api.env.adopt_roles(["Manager"]):
        item = api.content.create(
            portal["cub"]["actualites"], "News Item", title="Ancienne"
        )
        api.content.transition(item, "publish")
    for name in ("topics", "age_brackets", "image_alt"):
        item.__dict__.pop(name, None)
    catalog = api.portal.get_tool("portal_catalog")
    for name in ("news_ages", "news_origin", "news_topics"):
        catalog.delIndex(name)
    for name in ("news_image_alt", "news_source", "news_topics"):
        catalog.delColumn(name)
    del getUtility(IRegistry).records[RETIRED_RECORD]
    upgrade()
    assert item.UID() in [row.uid for row in feed(topics=[], brackets=[]).items]
    assert retired_topics() == {}
    api.portal.set_registry_record(RETIRED_RECORD, {"plage": "Plages"})
    upgrade()
    assert retired_topics() == {"plage": "Plages"}


def test_communes_get_what_is_known_where_nothing_was_written(old_site):
    talence, bordeaux = (
        old_site["communes"]["talence"],
        old_site["communes"]["bordeaux"],
    )
    assert talence.population is None and talence.opening_hours is None
    assert talence.successor == ""
    talence.population, talence.population_year = 46_000, "2030"
    talence.website = "https://talence.exemple.fr"
    for _turn in range(2):
        upgrade()
    assert (talence.population, talence.population_year) == (46_000, "2030")
    assert talence.website == "https://talence.exemple.fr"
    assert bordeaux.population == 267_991
    assert bordeaux.website == "https://www.bordeaux.fr"


def test_a_commune_that_is_gone_or_new_does_not_stop_the_step(old_site):
    folder = old_site["communes"]
    folder._delObject("talence", suppress_events=True)
    upgrade()
    assert folder["pessac"].population == 67_339


def test_the_address_book_is_set_up_once(portal):
    registry = getUtility(IRegistry)
    catalog = api.portal.get_tool("portal_catalog")
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(objects=list(portal["cub"]["contacts"].objectValues()))
    del registry.records["civisdata.procedures"]
    catalog.delIndex("contact_procedures")
    sections = (portal["cub"]["contacts"], portal["communes"]["talence"]["contacts"])
    sections[0].setLayout("section")
    sections[1].setLayout("listing_view")
    with api.env.adopt_roles(["Manager"]):
        upgrade()
    assert "civisdata.procedures" in registry.records
    assert sections[0].getLayout() == "section-contacts"
    assert sections[1].getLayout() == "listing_view"
    assert "france-titres" in portal["cub"]["contacts"]
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(portal["cub"]["contacts"]["france-titres"])
    api.portal.set_registry_record("civisdata.procedures", "[]")
    with api.env.adopt_roles(["Manager"]):
        upgrade()
    assert "france-titres" not in portal["cub"]["contacts"]
    assert api.portal.get_registry_record("civisdata.procedures") == "[]"


def test_age_brackets_become_a_vocabulary_with_the_ids_they_had(portal):
    records = getUtility(IRegistry).records
    del records[ages.RECORD], records[ages.RETIRED_RECORD]
    assert ages.ages() == ages.SHIPPED
    setup = api.portal.get_tool("portal_setup")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "3")
        setup.upgradeProfile(PROFILE, dest="4")
        assert ages.ages() == ages.SHIPPED
        api.portal.set_registry_record(ages.RECORD, {"15-17": 15})
        assert ages.ages().offered == {"15-17": 15}
        api.portal.set_registry_record(ages.RECORD, dict(ages.SHIPPED.offered))


def test_the_grace_of_closed_spaces_is_a_setting_and_others_keep_their_values(portal):
    registry = getUtility(IRegistry)
    del registry.records["civisdata.accounts.closing_days"]
    api.portal.set_registry_record("civisdata.accounts.session_hours", 3)
    setup = api.portal.get_tool("portal_setup")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "3")
        setup.upgradeProfile(PROFILE, dest="4")
    assert api.portal.get_registry_record("civisdata.accounts.closing_days") == 30
    assert api.portal.get_registry_record("civisdata.accounts.session_hours") == 3
