"""Marker of requests, and the settings of the charter."""

from plone.app.theming.interfaces import IThemingLayer


class ICivisdataThemeLayer(IThemingLayer):
    """Requests of a site on which civisdata.theme is installed."""
