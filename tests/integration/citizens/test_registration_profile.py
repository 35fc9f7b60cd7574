"""What the profile brings for registrations, and that uninstalling takes it away."""

from plone import api
import pytest


RECORDS = (
    "civisdata.registrations.automatic_acceptance",
    "civisdata.registrations.sign_ups_per_hour",
    "civisdata.registrations.refusal_reasons",
    "civisdata.registrations.unproven_per_hour",
    "civisdata.registrations.unconfirmed_days",
    "civisdata.registrations.invitations_per_day",
    "civisdata.topics",
)


def test_registrations_are_not_accepted_automatically(portal):
    assert api.portal.get_registry_record(RECORDS[0]) is False


@pytest.mark.parametrize(
    "permission, roles",
    [
        ("Manage registrations", {"CUB Administrator", "Manager"}),
        ("View registrations", {"CUB Administrator", "Commune Agent", "Manager"}),
        ("Use registrations desk", {"CUB Administrator", "Desk User", "Manager"}),
        ("Confirm identity", {"CUB Administrator", "Commune Agent"}),
        ("Export registrations", {"CUB Administrator"}),
        ("Print letters", {"CUB Administrator"}),
        (
            "Set up registrations",
            {"CUB Administrator", "CUB Webmaster", "Manager", "Site Administrator"},
        ),
        ("Sign up", {"Anonymous"}),
        ("Use own space", {"Citizen", "Space Holder"}),
    ],
)
def test_roles_of_the_permissions(portal, permission, roles):
    rows = portal.rolesOfPermission(f"civisdata.content: {permission}")
    assert {row["name"] for row in rows if row["selected"]} == roles


def test_uninstalling_takes_settings_and_workflow_away(portal):
    workflows = portal.portal_workflow
    assert "registration_workflow" in workflows
    portal.portal_setup.runAllImportStepsFromProfile(
        "profile-civisdata.content:uninstall"
    )
    assert "registration_workflow" not in workflows
    for name in RECORDS:
        assert api.portal.get_registry_record(name, default=None) is None
