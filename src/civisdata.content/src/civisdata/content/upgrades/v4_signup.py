"""To version 4: settings of confirmations, of the flood of sign-ups and of invitations."""

from civisdata.content.citizens.registration_settings import IRegistrationSettings
from civisdata.content.citizens.registration_settings import PREFIX
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging


logger = logging.getLogger(__name__)


def add_signup_settings(tool: SetupTool) -> None:
    """Add the settings that are missing; what webmasters set stays as it is."""
    registry = getUtility(IRegistry)
    registry.registerInterface(IRegistrationSettings, prefix=PREFIX)
    logger.info("civisdata.content: settings of confirmations and invitations")
