"""The last check before something is published: after traversal, before it runs."""

from AccessControl import getSecurityManager
from civisdata.content.citizens.door import published_is_allowed
from civisdata.content.interfaces import ICivisdataLayer
from civisdata.policy.door.allowlist import is_open
from civisdata.policy.door.allowlist import is_ours
from civisdata.policy.door.allowlist import WRITING
from civisdata.policy.door.code import changes_code
from civisdata.policy.door.code import may_change_code
from plone.rest.interfaces import IService
from zExceptions import NotFound
from zope.component.hooks import getSite
from ZPublisher.interfaces import IPubAfterTraversal
import civisdata.policy.door.errorlog  # noqa: F401
import logging


logger = logging.getLogger("civisdata.door")

#: Whoever has it works with Plone's own pages and services.
USE_STAFF_PAGES = "civisdata.policy: Use staff pages"


def check_published(event: IPubAfterTraversal) -> None:
    """Raise ``NotFound`` for what is not open to who asks.

    The answer is that of an unknown name: who may not reach a thing does not learn
    that it exists.
    """
    request = event.request
    if not ICivisdataLayer.providedBy(request):
        return
    published = request.get("PUBLISHED")
    if not published_is_allowed(published, request["PARENTS"], request):
        _refuse(request)
    owner = getattr(published, "__self__", published)
    if (
        request.get("REQUEST_METHOD") in WRITING
        and not IService.providedBy(owner)
        and not is_ours(owner)
    ):
        _refuse(request)
    if is_open(published):
        return
    if not may_change_code() and changes_code(
        published, request["PARENTS"], request["URL"]
    ):
        _refuse(request)
    if not getSecurityManager().checkPermission(USE_STAFF_PAGES, getSite()):
        _refuse(request)


def _refuse(request) -> None:
    logger.info("not open: %r", request.get("ACTUAL_URL", "")[:200])
    raise NotFound(request.get("ACTUAL_URL", "").rpartition("/")[2])
