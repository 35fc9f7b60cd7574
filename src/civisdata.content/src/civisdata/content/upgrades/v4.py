"""To version 4: what the profile says of roles, workflows and control panels."""

from Products.GenericSetup.tool import SetupTool
import logging


logger = logging.getLogger(__name__)

_PROFILE = "profile-civisdata.content:default"

#: Steps that add and correct; none of them takes back what webmasters set.
_STEPS = ("rolemap", "workflow", "controlpanel")


def apply_profile(tool: SetupTool) -> None:
    """Read roles, workflows and control panels from the profile again."""
    for step in _STEPS:
        tool.runImportStepFromProfile(_PROFILE, step, run_dependencies=False)
    logger.info("civisdata.content: rights and pages of webmasters")
