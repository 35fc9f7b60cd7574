"""Settings of accounts that webmasters change, kept in the registry."""

from civisdata.content import _
from civisdata.content.citizens.sessions import Limits
from plone.registry.interfaces import IRegistry
from zope import schema
from zope.component import queryUtility
from zope.interface import Interface


PREFIX = "civisdata.accounts"


class IAccountSettings(Interface):
    """How long sessions, passwords and links live."""

    session_idle_minutes = schema.Int(
        title=_("Minutes without use after which a session ends"),
        default=30,
        min=5,
        max=240,
    )
    session_hours = schema.Int(
        title=_("Hours after which a session ends in any case"),
        default=12,
        min=1,
        max=24,
    )
    first_password_days = schema.Int(
        title=_("Days for which a first password is valid"),
        default=7,
        min=1,
        max=31,
    )
    password_max_age_days = schema.Int(
        title=_("Days after which citizens have to change their password (0: never)"),
        default=365,
        min=0,
        max=3650,
    )
    reset_link_minutes = schema.Int(
        title=_("Minutes for which a link to choose a new password is valid"),
        default=60,
        min=10,
        max=1440,
    )
    start_anew_hours = schema.Int(
        title=_(
            "Hours between asking to start with an empty vault, or calling trusted "
            "persons for help, and doing so"
        ),
        default=72,
        min=1,
        max=720,
    )
    closing_days = schema.Int(
        title=_("Days between closing a space and erasing it"),
        default=30,
        min=0,
        max=365,
    )
    journal_keep_days = schema.Int(
        title=_("Days for which a space's journal is kept (0: as long as the space)"),
        default=1095,
        min=0,
        max=36500,
    )


def account_setting(name: str) -> int:
    """Return a setting by its name in ``IAccountSettings``; its default if not set."""
    registry = queryUtility(IRegistry)
    default = IAccountSettings[name].default
    if registry is None:
        return default
    value = registry.get(f"{PREFIX}.{name}", default)
    return default if value is None else value


def session_limits() -> Limits:
    """Return how long sessions live."""
    return Limits(
        idle=account_setting("session_idle_minutes") * 60,
        absolute=account_setting("session_hours") * 3600,
    )
