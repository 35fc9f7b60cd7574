"""To version 3: what may be cached, and how."""

from plone import api
from Products.GenericSetup.tool import SetupTool
import logging


logger = logging.getLogger(__name__)

_PREFIX = "plone.caching.interfaces.ICacheSettings."

#: As in the profile.
MAPPING = {
    "civisdata.front": "civisdata.frontPage",
    "civisdata.public": "civisdata.publicPage",
    "plone.content.file": "civisdata.publicFile",
}


def set_up_caching(tool: SetupTool) -> None:
    """Turn caching on with our rules; other rules that somebody set stay."""
    mapping = api.portal.get_registry_record(f"{_PREFIX}operationMapping") or {}
    api.portal.set_registry_record(f"{_PREFIX}operationMapping", {**mapping, **MAPPING})
    api.portal.set_registry_record(f"{_PREFIX}enabled", True)
    logger.info("civisdata.policy: public pages are cached")
