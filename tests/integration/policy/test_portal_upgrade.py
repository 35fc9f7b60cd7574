"""The content profile's step to version 3, on a site as version 2 left it."""

from plone import api
import pytest


PROFILE = "civisdata.content:default"


@pytest.fixture
def old_site(portal):
    """Take from the site what version 2 didn't have."""
    catalog = api.portal.get_tool("portal_catalog")
    catalog.delIndex("publisher")
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
