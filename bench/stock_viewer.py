"""Gives a bare Plone site documentviewer; run by ``servers.bare_classic``."""

from collective.documentviewer.settings import GlobalSettings
from plone import api


api.portal.get_tool("portal_setup").runAllImportStepsFromProfile(
    "profile-collective.documentviewer:default"
)
settings = GlobalSettings(site)  # noqa: F821
settings.storage_type = "Blob"
settings.auto_convert = True
settings.pdf_image_format = "png"
settings.ocr = False
