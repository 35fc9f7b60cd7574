"""To version 2: types of documents are set by webmasters."""

from civisdata.content.vault.interfaces import IVaultSettings
from civisdata.content.vault.settings import PREFIX
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging


logger = logging.getLogger(__name__)

_PROFILE = "profile-civisdata.content:default"


def set_up_vaults(tool: SetupTool) -> None:
    """Add the new records, keep the values of the old; permission and control panel."""
    getUtility(IRegistry).registerInterface(IVaultSettings, prefix=PREFIX)
    for step in ("rolemap", "controlpanel"):
        tool.runImportStepFromProfile(_PROFILE, step, run_dependencies=False)
    logger.info("civisdata.content: types of documents are settings now")
