"""At start: settings that the environment decides, written only where they differ."""

from civisdata.policy.operations.settings import SITE_ID
from plone import api
from plone.base.interfaces import IMailSchema
from plone.registry.interfaces import IRegistry
from zope.component import getUtility
from zope.component.hooks import setSite
from zope.processlifetime import IDatabaseOpenedWithRoot
import logging
import os
import transaction


logger = logging.getLogger("civisdata.operations")


def mail_settings(environ: dict[str, str]) -> dict[str, str | int]:
    """Return Plone's mail settings from ``CIVIS_SMTP`` and ``CIVIS_MAIL_FROM``.

    ``CIVIS_SMTP`` is ``host`` or ``host:port``; nothing is returned for what is not
    set. Raises ``ValueError`` for a port that is no number.
    """
    settings: dict[str, str | int] = {}
    if environ.get("CIVIS_SMTP"):
        host, _, port = environ["CIVIS_SMTP"].partition(":")
        settings["smtp_host"] = host
        settings["smtp_port"] = int(port or 25)
    if environ.get("CIVIS_MAIL_FROM"):
        settings["email_from_address"] = environ["CIVIS_MAIL_FROM"]
    return settings


def apply_settings(settings: dict[str, str | int]) -> bool:
    """Write the mail settings that differ; return whether anything was written."""
    proxy = getUtility(IRegistry).forInterface(IMailSchema, prefix="plone")
    differing = {
        name: value for name, value in settings.items() if getattr(proxy, name) != value
    }
    for name, value in differing.items():
        setattr(proxy, name, value)
    return bool(differing)


def database_opened(event: IDatabaseOpenedWithRoot) -> None:
    """Apply the environment's settings to the portal, if there is one yet."""
    settings = mail_settings(dict(os.environ))
    if not settings:
        return
    connection = event.database.open()
    try:
        site = connection.root()["Application"].get(SITE_ID)
        if site is None:
            return
        setSite(site)
        with api.env.adopt_roles(["Manager"]):
            if apply_settings(settings):
                logger.info("mail settings taken from the environment")
                transaction.commit()
    finally:
        setSite(None)
        transaction.abort()
        connection.close()
