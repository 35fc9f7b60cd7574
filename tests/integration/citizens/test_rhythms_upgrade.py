"""The step to version 3 finds who is mailed news, in a catalog of before."""

from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import index
from civisdata.content.citizens.structure import get_spaces
from helpers.readers import reader
from plone import api


PROFILE = "civisdata.content:default"


def test_registrations_of_before_are_found_by_their_rhythm(portal):
    daily = reader(portal, "Ada").getId()
    reader(portal, "Bea", by_email=False)
    get_spaces(portal).create_space()
    catalog = catalog_of(get_spaces(portal))
    del catalog.by_rhythm, catalog.rhythm_of
    assert catalog.of_rhythm("daily") == []
    assert catalog.count_rhythm("daily") == 0
    setup = api.portal.get_tool("portal_setup")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "2")
        setup.upgradeProfile(PROFILE, dest="3")
    assert catalog.of_rhythm("daily") == [daily]
    assert catalog.of_rhythm("daily", after=daily) == []
    roles = portal.rolesOfPermission("civisdata.content: Manage good habits")
    assert "CUB Webmaster" in [row["name"] for row in roles if row["selected"]]
    panel = api.portal.get_tool("portal_controlpanel")
    ids = [one.getId() for one in panel.listActions()]
    assert ids.count("civisdata-good-habits") == 1


def test_deleted_spaces_and_closed_ones_are_not_written_to(portal):
    space, other = reader(portal, "Ada"), reader(portal, "Bea")
    spaces = get_spaces(portal)
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(other, "close")
    index(other)
    assert catalog_of(spaces).of_rhythm("daily") == [space.getId()]
    spaces.delete_space(space.getId())
    assert catalog_of(spaces).of_rhythm("daily") == []
