"""Marker interfaces shared by all rooms."""

from zope.publisher.interfaces.browser import IDefaultBrowserLayer


class ICivisdataLayer(IDefaultBrowserLayer):
    """Requests of a site on which civisdata.content is installed."""
