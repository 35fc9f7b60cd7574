"""To version 3: what the profile says of types, workflows, indexes and roles."""

from civisdata.content.territory.structure import fill_in_known
from plone import api
from Products.GenericSetup.tool import SetupTool
import logging


logger = logging.getLogger(__name__)

_PROFILE = "profile-civisdata.content:default"

#: Steps that add and correct; none of them takes back what webmasters set.
_STEPS = ("rolemap", "typeinfo", "workflow", "catalog", "controlpanel")


def apply_profile(tool: SetupTool) -> None:
    """Read types, workflows, indexes, roles and control panels from the profile again."""
    for step in _STEPS:
        tool.runImportStepFromProfile(_PROFILE, step, run_dependencies=False)
    logger.info("civisdata.content: the public portal's types and indexes")


def fill_in_communes(tool: SetupTool) -> None:
    """Give existing communes the shipped data that nobody has written."""
    filled = fill_in_known(api.portal.get())
    logger.info("civisdata.content: shipped data for %s communes", filled)
