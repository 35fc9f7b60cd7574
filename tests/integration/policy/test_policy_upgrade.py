"""The profile's step to version 2, on a site as version 1 left it."""

from plone import api
import pytest


PROFILE = "civisdata.policy:default"
ACTIONS = (
    "civisdata-deposit",
    "civisdata-deposit-batch",
    "civisdata-delivered",
    "civisdata-requests",
)


@pytest.fixture
def old_site(portal):
    """Take from the site what version 1 didn't have."""
    actions = api.portal.get_tool("portal_actions")
    actions.object.manage_delObjects(list(ACTIONS))
    actions.user.manage_delObjects(["civisdata-tasks"])
    api.portal.get_tool("portal_controlpanel").unregisterConfiglet("civisdata-tasks")
    portal.manage_permission("civisdata.content: View tasks", ["Manager"], 0)
    return portal


def test_the_step_may_run_twice(old_site):
    setup = api.portal.get_tool("portal_setup")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "1")
        setup.upgradeProfile(PROFILE, dest="2")
    actions = api.portal.get_tool("portal_actions")
    assert set(ACTIONS) <= set(actions.object.objectIds())
    assert "civisdata-tasks" in actions.user.objectIds()
    panel = api.portal.get_tool("portal_controlpanel")
    ids = [one.getId() for one in panel.listActions()]
    assert ids.count("civisdata-tasks") == 1
    roles = old_site.rolesOfPermission("civisdata.content: View tasks")
    assert {row["name"] for row in roles if row["selected"]} == {
        "CUB Administrator",
        "CUB Webmaster",
        "Manager",
        "Site Administrator",
    }


def test_the_installed_version_is_that_of_the_last_step(portal):
    setup = api.portal.get_tool("portal_setup")
    installed = setup.getLastVersionForProfile(PROFILE)
    assert installed == (setup.getVersionForProfile(PROFILE),)
    assert not setup.listUpgrades(PROFILE)
