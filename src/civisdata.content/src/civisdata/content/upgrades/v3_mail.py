"""To version 3: existing registrations are found by the rhythm of their mails."""

from civisdata.content.citizens.registrations import index
from civisdata.content.citizens.structure import get_spaces
from plone import api
from Products.GenericSetup.tool import SetupTool
import logging
import transaction


logger = logging.getLogger(__name__)

#: Spaces between two notes to the storage, so that memory doesn't grow.
BATCH = 500


def index_rhythms(tool: SetupTool) -> None:
    """Bring the catalog of registrations up to date with each space."""
    spaces, count = get_spaces(api.portal.get()), 0
    for space_id in list(spaces.space_ids()):
        space = spaces.get_space(space_id)
        if getattr(space.aq_base, "_registered", None) is None:
            continue
        index(space)
        count += 1
        if count % BATCH == 0:
            transaction.savepoint(optimistic=True)
            tool._p_jar.cacheGC()
    logger.info("civisdata.content: %d registrations by rhythm of mails", count)
