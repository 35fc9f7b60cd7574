"""To version 4: the setting of how long a closed space waits to be erased."""

from civisdata.content.citizens.settings import IAccountSettings
from civisdata.content.citizens.settings import PREFIX
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility


def set_up_closing(tool: SetupTool) -> None:
    """Add the records that are missing; values that were set stay."""
    registry = getUtility(IRegistry)
    registry.registerInterface(IAccountSettings, prefix=PREFIX)
