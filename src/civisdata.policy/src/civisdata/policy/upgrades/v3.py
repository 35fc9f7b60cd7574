"""To versions 3 and 4: ways of the staff to their pages."""

from Products.GenericSetup.tool import SetupTool
import logging


logger = logging.getLogger(__name__)

_PROFILE = "profile-civisdata.policy:default"


def apply_profile(tool: SetupTool) -> None:
    """Read roles, actions and control panels from the profile again."""
    for step in ("rolemap", "actions", "controlpanel"):
        tool.runImportStepFromProfile(_PROFILE, step, run_dependencies=False)
    logger.info("civisdata.policy: staff find their pages")
