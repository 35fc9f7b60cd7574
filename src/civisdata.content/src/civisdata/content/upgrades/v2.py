"""To version 2: types of documents are set by webmasters; settings of new rooms."""

from civisdata.content.citizens.settings import IAccountSettings
from civisdata.content.vault.interfaces import IVaultSettings
from civisdata.content.vault.settings import PREFIX
from civisdata.content.vault.transfer.authorities import ITransferSettings
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging


logger = logging.getLogger(__name__)

_PROFILE = "profile-civisdata.content:default"


def set_up_vaults(tool: SetupTool) -> None:
    """Add the new records, keep the values of the old; permission and control panel."""
    registry = getUtility(IRegistry)
    registry.registerInterface(IVaultSettings, prefix=PREFIX)
    registry.registerInterface(IAccountSettings, prefix="civisdata.accounts")
    registry.registerInterface(ITransferSettings, prefix="civisdata.transfer")
    for step in ("rolemap", "controlpanel"):
        tool.runImportStepFromProfile(_PROFILE, step, run_dependencies=False)
    logger.info("civisdata.content: types of documents are settings now")
