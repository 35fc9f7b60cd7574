"""Settings of registrations, in the registry under ``civisdata.registrations``."""

from civisdata.content import _
from plone import api
from typing import Any
from zope import schema
from zope.interface import Interface


PREFIX = "civisdata.registrations"

#: Reasons that the portal brings along, in French as what webmasters write.
REASONS = """\
L’adresse indiquée n’est pas dans une commune de la Communauté urbaine de Bordeaux.
Les renseignements donnés ne permettent pas de vous reconnaître : le nom ou l’adresse est incomplet.
Une autre inscription à votre nom existe déjà.
Cette inscription ne semble pas avoir été faite par la personne nommée.
Vous n’avez pas répondu à notre demande de précisions.
"""


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

    automatic_communes = schema.Tuple(
        title=_("Communes whose inhabitants are accepted automatically"),
        description=_("None ticked: those of all communes."),
        value_type=schema.ASCIILine(),
        default=(),
        required=False,
    )

    automatic_without_doubt = schema.Bool(
        title=_("Not where another registration looks like the same person"),
        default=True,
        required=False,
    )

    refusal_reasons = schema.Text(
        title=_("Reasons of refusals, one a line"),
        description=_(
            "They can be chosen at the desk. The person reads them as they stand here."
        ),
        default=REASONS,
        required=False,
    )

    letter_days = schema.Int(
        title=_("Days for which a first password on a letter is valid"),
        default=21,
        min=7,
        max=60,
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
