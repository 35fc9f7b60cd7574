"""What a task finds around it: the portal, through a connection and a request of its own."""

from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.SecurityManagement import noSecurityManager
from AccessControl.users import system
from civisdata.content.tasks.errors import TemporaryError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from plone.browserlayer.layer import mark_layer
from plone.i18n.utility import setLanguageBinding
from Testing.makerequest import makerequest
from types import SimpleNamespace
from urllib.parse import urlsplit
from zope.component.hooks import setSite
from zope.globalrequest import clearRequest
from zope.globalrequest import setRequest
import transaction


@dataclass(frozen=True)
class Place:
    """Where tasks work: the database, the portal's id, and its public address."""

    database: object
    site_id: str
    url: str


@contextmanager
def portal_of(place: Place) -> Iterator:
    """Give the portal with site hook, request and rights of the system, in this thread.

    Addresses made from it are those that people use. Whatever isn't committed at the
    end is undone.
    """
    transaction.abort()
    connection = place.database.open()
    try:
        app = makerequest(connection.root()["Application"])
        site = app._getOb(place.site_id, None)
        if site is None:
            raise TemporaryError("the portal has not been created yet")
        request = site.REQUEST
        setRequest(request)
        newSecurityManager(None, system)
        setSite(site)
        _address(request, site, place.url)
        mark_layer(site, SimpleNamespace(request=request))
        setLanguageBinding(request)
        yield site
    finally:
        transaction.abort()
        setSite(None)
        clearRequest()
        noSecurityManager()
        # What a long task has seen is not kept in memory until the next one.
        connection.cacheMinimize()
        connection.close()


def _address(request, site, url: str) -> None:
    """Let ``site.absolute_url()`` be ``url``."""
    parts = urlsplit(url)
    request["PARENTS"] = [site]
    request.setServerURL(parts.scheme, parts.hostname, parts.port)
    request.setVirtualRoot(parts.path)
