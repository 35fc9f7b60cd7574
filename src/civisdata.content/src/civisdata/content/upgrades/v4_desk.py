"""To version 4: the desk finds likeness and days of sign-ups, and has more settings."""

from civisdata.content.citizens.catalog import NO_RECEIPT
from civisdata.content.citizens.registration_settings import IRegistrationSettings
from civisdata.content.citizens.registration_settings import PREFIX
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import history_of
from civisdata.content.citizens.registrations import index
from civisdata.content.citizens.registrations import set_mark
from civisdata.content.citizens.registrations import state_of
from civisdata.content.citizens.structure import get_spaces
from plone import api
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tool import SetupTool
from zope.component import getUtility
import logging
import transaction


logger = logging.getLogger(__name__)

#: Spaces between two notes to the storage, so that memory doesn't grow.
BATCH = 500


def set_up_desk(tool: SetupTool) -> None:
    """Add the missing settings; give the catalog of registrations its new indexes."""
    # What webmasters have set keeps its value.
    getUtility(IRegistry).registerInterface(IRegistrationSettings, prefix=PREFIX)
    spaces, count = get_spaces(api.portal.get()), 0
    catalog_of(spaces).renew()
    for space_id in list(spaces.space_ids()):
        space = spaces.get_space(space_id)
        if getattr(space.aq_base, "_registered", None) is None:
            continue
        index(space)
        if state_of(space) == "pending" and _has_no_receipt(space):
            set_mark(space, NO_RECEIPT)
        count += 1
        if count % BATCH == 0:
            transaction.savepoint(optimistic=True)
            tool._p_jar.cacheGC()
    logger.info("civisdata.content: %d registrations for the desk", count)


def _has_no_receipt(space) -> bool:
    actions = [line.action for line in history_of(space)]
    return "no_receipt" in actions and "receipt" not in actions
