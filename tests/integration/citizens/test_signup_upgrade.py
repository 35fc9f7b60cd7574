"""From version 3: settings of confirmations and invitations; what was set stays."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.inviting.arrivals import arrivals_of
from civisdata.content.citizens.registration_settings import PREFIX
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.signup.waiting import room_of
from civisdata.content.upgrades.v4_signup import add_signup_settings
from helpers.people import person
from plone import api


NEW = {"unproven_per_hour": 100, "unconfirmed_days": 7, "invitations_per_day": 5}


def test_settings_are_added_and_those_there_are_kept(portal):
    records = portal.portal_registry.records
    for name in NEW:
        del records[f"{PREFIX}.{name}"]
    api.portal.set_registry_record(f"{PREFIX}.sign_ups_per_hour", 7)
    api.portal.set_registry_record(f"{PREFIX}.automatic_acceptance", True)
    # Before the step the defaults count.
    assert {name: setting(name) for name in NEW} == NEW
    for _ in range(2):
        add_signup_settings(portal.portal_setup)
    assert {name: records[f"{PREFIX}.{name}"].value for name in NEW} == NEW
    assert setting("sign_ups_per_hour") == 7
    assert setting("automatic_acceptance") is True


def test_spaces_of_before_have_neither_waiting_room_nor_invitations(spaces):
    space = registrations.register(spaces, person(), with_mail=False)
    assert len(room_of(spaces)) == 0
    assert arrivals_of(space) == 0
