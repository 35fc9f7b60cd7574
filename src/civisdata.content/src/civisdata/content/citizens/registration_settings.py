"""Settings of registrations, in the registry under ``civisdata.registrations``."""

from civisdata.content import _
from plone import api
from typing import Any
from zope import schema
from zope.interface import Interface


PREFIX = "civisdata.registrations"


class IRegistrationSettings(Interface):
    """What CUB administrators decide about registrations."""

    automatic_acceptance = schema.Bool(
        title=_("Accept registrations automatically"),
        description=_(
            "Login and first password are sent at once, without anybody having checked "
            "the registration."
        ),
        default=False,
        required=False,
    )

    sign_ups_per_hour = schema.Int(
        title=_("Sign-ups from one network in an hour"),
        description=_("0 means no limit. A library or a school shares one network."),
        default=20,
        min=0,
    )

    unproven_per_hour = schema.Int(
        title=_(
            "Sign-ups without a computation in the browser, from anywhere, in an hour"
        ),
        description=_(
            "They come from browsers without JavaScript, or from robots. 0 means no limit."
        ),
        default=100,
        min=0,
    )

    unconfirmed_days = schema.Int(
        title=_("Days for which an e-mail address may be confirmed"),
        description=_("What was written in the form is erased after that."),
        default=7,
        min=1,
        max=60,
    )

    invitations_per_day = schema.Int(
        title=_("Invitations of one citizen in a day"),
        description=_("0 means that nobody can invite."),
        default=5,
        min=0,
        max=100,
    )


def setting(name: str) -> Any:
    """Return a setting; its default where the registry does not hold it."""
    return api.portal.get_registry_record(
        f"{PREFIX}.{name}", default=IRegistrationSettings[name].default
    )
