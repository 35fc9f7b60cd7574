"""The profile's step to version 2, on a site as version 1 left it."""

from civisdata.content.citizens.settings import account_setting
from civisdata.content.vault.settings import category_titles
from civisdata.content.vault.settings import limits
from civisdata.content.vault.settings import offered_categories
from plone import api
import pytest


PROFILE = "civisdata.content:default"
NEW = (
    "civisdata.vault.categories",
    "civisdata.vault.retired_categories",
    "civisdata.accounts.journal_keep_days",
    "civisdata.transfer.authorities",
)


@pytest.fixture
def old_site(portal):
    """Take from the site what version 1 didn't have, and set what it had."""
    registry = api.portal.get_tool("portal_registry")
    for name in NEW:
        del registry.records[name]
    registry["civisdata.vault.quota"] = 77
    registry["civisdata.accounts.start_anew_hours"] = 5
    panel = api.portal.get_tool("portal_controlpanel")
    panel.unregisterConfiglet("civisdata-vaults")
    portal.manage_permission("civisdata.content: Set up vaults", [], 0)
    portal.manage_permission("civisdata.content: Deposit", [], 1)
    portal._delRoles(["Depositor"])
    setup = api.portal.get_tool("portal_setup")
    setup.setLastVersionForProfile(PROFILE, "1")
    return portal


def test_before_the_step_the_shipped_types_are_offered(old_site):
    assert list(offered_categories())[-1] == "other"
    assert "bills" in category_titles()


def test_the_step_keeps_what_was_set_and_may_run_twice(old_site):
    setup = api.portal.get_tool("portal_setup")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "1")
        setup.upgradeProfile(PROFILE, dest="2")
    assert api.portal.get_registry_record(NEW[0]) == []
    assert limits().quota == 77_000_000
    assert account_setting("start_anew_hours") == 5
    assert account_setting("journal_keep_days") == 1095
    assert list(api.portal.get_registry_record(NEW[3])) == []
    assert "Depositor" in old_site.valid_roles()
    roles = old_site.rolesOfPermission("civisdata.content: Deposit")
    assert [row["name"] for row in roles if row["selected"]] == ["Depositor"]
    ids = [
        one.getId() for one in api.portal.get_tool("portal_controlpanel").listActions()
    ]
    assert ids.count("civisdata-vaults") == 1
    roles = old_site.rolesOfPermission("civisdata.content: Set up vaults")
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
