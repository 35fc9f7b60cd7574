"""Pages that are the same for everybody: ETag, a short life in proxies, a copy in RAM.

Asked for without any cookie or log-in, a page depends on its address, on what the catalog
knows (its counter), on language and charter, and on the time: opening hours and dates of
publication are as right as the clock's minute.
"""

from AccessControl import getSecurityManager
from civisdata.content.citizens.cookies import ENVIRON_KEY
from civisdata.theme.browser.charter import addresses
from hashlib import sha256
from plone import api
from plone.app.caching.operations.default import BaseCaching
from plone.app.caching.operations.utils import cachedResponse
from plone.app.caching.operations.utils import cacheInRAM
from plone.app.caching.operations.utils import fetchFromRAMCache
from plone.app.caching.operations.utils import isModified
from plone.app.caching.operations.utils import notModified
from plone.app.caching.operations.utils import visibleToRole
from plone.caching.interfaces import ICachingOperationType
from zope.interface import provider
import time


#: Seconds that a page is the same, and that a proxy may keep it.
LIFE = 60

POLICY = f"max-age=0, s-maxage={LIFE}, must-revalidate, public"
VARY = "Accept, Accept-Language, Cookie"

#: Of files whose address changes with what they hold.
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"

#: Of a request: somebody may be behind it.
_PERSONAL = ("HTTP_COOKIE", ENVIRON_KEY)


def is_for_everybody(request) -> bool:
    """Say whether the answer can't hold anything of one person."""
    if request.get("REQUEST_METHOD") != "GET":
        return False
    # Zope takes the log-in out of the environment.
    if request._auth or any(request.environ.get(name) for name in _PERSONAL):
        return False
    return getSecurityManager().getUser().getId() is None


def minute() -> int:
    """Return the number of the clock's minute."""
    return int(time.time() // LIFE)


def etag_of(request) -> str:
    """Return the state of the portal as a visitor sees it, as an ETag."""
    portal = api.portal.get()
    parts = (
        portal.portal_catalog.getCounter(),
        request.get("LANGUAGE", ""),
        addresses(""),
        minute(),
        request.get("QUERY_STRING", ""),
    )
    return sha256(repr(parts).encode()).hexdigest()[:24]


@provider(ICachingOperationType)
class PublicPage(BaseCaching):
    """A page for everybody; ``ram`` keeps it in this server, too."""

    title = "Civis Data: page for everybody"
    description = "Kept by proxies for a minute; asked for again with its ETag."
    prefix = "civisdata.policy.caching.publicPage"
    sort = 10
    options = ()
    ram = False

    def interceptResponse(self, rulename, response, class_=None):
        if not is_for_everybody(self.request):
            return None
        etag = etag_of(self.request)
        if not isModified(self.request, etag=etag):
            body = notModified(self.published, self.request, response, etag=etag)
            response.setHeader("Cache-Control", POLICY)
            response.setHeader("Vary", VARY)
            return body
        if self._in_ram():
            cached = fetchFromRAMCache(self.request, etag=etag)
            if cached is not None:
                return cachedResponse(self.published, self.request, response, *cached)
        return None

    def modifyResponse(self, rulename, response, class_=None):
        if (
            not is_for_everybody(self.request)
            or response.getStatus() != 200
            or response.cookies
            or response.getHeader("Cache-Control")
        ):
            return
        etag = etag_of(self.request)
        response.setHeader("ETag", f'"{etag}"', literal=1)
        response.setHeader("Cache-Control", POLICY)
        response.setHeader("Vary", VARY)
        if self._in_ram():
            cacheInRAM(self.published, self.request, response, etag=etag)

    def _in_ram(self) -> bool:
        # Anybody can make up queries: they would fill the memory.
        return self.ram and not self.request.get("QUERY_STRING")


@provider(ICachingOperationType)
class FrontPage(PublicPage):
    """A page for everybody that many ask for."""

    title = "Civis Data: page for everybody, kept in memory"
    prefix = "civisdata.policy.caching.frontPage"
    sort = 11
    ram = True


@provider(ICachingOperationType)
class PublicFile(BaseCaching):
    """An image or file of the content: as long as its address says what it holds."""

    title = "Civis Data: file for everybody"
    description = "For a year where the address changes with the file."
    prefix = "civisdata.policy.caching.publicFile"
    sort = 12
    options = ()

    def interceptResponse(self, rulename, response, class_=None):
        return None

    def modifyResponse(self, rulename, response, class_=None):
        if response.getStatus() not in (200, 206) or response.cookies:
            return
        if not visibleToRole(self.published, role="Anonymous"):
            response.setHeader("Cache-Control", "private, no-store")
            return
        response.setHeader(
            "Cache-Control", FOR_EVER if self._is_unique() else FOR_A_WHILE
        )

    def _is_unique(self) -> bool:
        # …/@@images/image-400-<hash>.png, unlike …/@@images/image/preview
        before, _, name = self.request.get("PATH_INFO", "").rpartition("/")
        return before.endswith("/@@images") and name.count("-") >= 2
