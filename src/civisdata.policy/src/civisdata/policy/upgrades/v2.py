"""To version 2: pages of the tasks, and ways of the staff to deposits and requests."""

from Products.GenericSetup.tool import SetupTool
import logging


logger = logging.getLogger(__name__)

_PROFILE = "profile-civisdata.policy:default"


def add_ways_for_staff(tool: SetupTool) -> None:
    """Give staff the new permissions, actions and entry of the control panel."""
    for step in ("rolemap", "actions", "controlpanel"):
        tool.runImportStepFromProfile(_PROFILE, step, run_dependencies=False)
    logger.info("civisdata.policy: staff find tasks, deposits and requests")
