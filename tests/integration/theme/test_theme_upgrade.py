"""The profile's step to version 2, on a site as version 1 left it."""

from civisdata.theme.editor import RECORD
from plone import api
import json
import pytest


PROFILE = "civisdata.theme:default"


def settings() -> dict:
    return json.loads(api.portal.get_registry_record(RECORD))


def upgrade() -> None:
    setup = api.portal.get_tool("portal_setup")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "1")
        setup.upgradeProfile(PROFILE, dest="2")


def test_a_new_site_has_no_advertisement_in_the_editor(portal):
    assert settings()["branding"] is False
    assert settings()["promotion"] is False


@pytest.mark.parametrize("stored", ["{}", "", "[]"])
def test_the_step_may_run_twice(portal, stored):
    api.portal.set_registry_record(RECORD, stored)
    upgrade()
    assert settings()["branding"] is False
    assert settings()["iframe_aria_text"].startswith("Zone de texte")


def test_what_webmasters_set_stays(portal):
    api.portal.set_registry_record(RECORD, '{"branding": true, "menubar": "edit"}')
    upgrade()
    assert settings()["branding"] is True
    assert settings()["menubar"] == "edit"
    assert settings()["promotion"] is False


def test_the_installed_version_is_that_of_the_last_step(portal):
    setup = api.portal.get_tool("portal_setup")
    installed = setup.getLastVersionForProfile(PROFILE)
    assert installed == (setup.getVersionForProfile(PROFILE),)
    assert not setup.listUpgrades(PROFILE)
