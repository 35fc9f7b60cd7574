"""The step to version 4: a catalog of before finds likeness, days and marks."""

from civisdata.content.citizens.catalog import NO_RECEIPT
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from helpers.people import person
from plone import api
from plone.registry.interfaces import IRegistry
from zope.component import getUtility


PROFILE = "civisdata.content:default"


def test_registrations_of_before_are_found_by_days_and_likeness(portal):
    spaces = get_spaces(portal)
    old = register(
        spaces,
        person(),
        now=datetime.now(UTC) - timedelta(days=9),
        with_mail=False,
    )
    twin = register(spaces, person(email="autre@exemple.fr"), with_mail=False)
    spaces.create_space()
    catalog = catalog_of(spaces)
    del catalog.by_day, catalog.likeness, catalog.marked
    registry = getUtility(IRegistry)
    registry["civisdata.registrations.sign_ups_per_hour"] = 7
    del registry.records["civisdata.registrations.letter_days"]
    setup = api.portal.get_tool("portal_setup")
    panel = api.portal.get_tool("portal_controlpanel")
    panel.unregisterConfiglet("civisdata-registrations")
    for _turn in range(2):
        setup.setLastVersionForProfile(PROFILE, "3")
        setup.upgradeProfile(PROFILE, dest="4")
    week = datetime.now(UTC) - timedelta(days=6)
    assert [row.id for row in catalog.search(before=week)[0]] == [old.getId()]
    assert catalog.by_day is not None
    assert set(catalog.like(old.getId())) == {twin.getId()}
    assert catalog.has_mark(old.getId(), NO_RECEIPT)
    assert registry["civisdata.registrations.sign_ups_per_hour"] == 7
    assert registry["civisdata.registrations.letter_days"] == 21
    roles = portal.rolesOfPermission("civisdata.content: Confirm identity")
    found = {row["name"] for row in roles if row["selected"]}
    assert found == {"CUB Administrator", "Commune Agent"}
    ids = [one.getId() for one in panel.listActions()]
    assert ids.count("civisdata-registrations") == 1
