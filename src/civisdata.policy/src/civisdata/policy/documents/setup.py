"""Settings of collective.documentviewer for a public portal in French."""

from collective.documentviewer.settings import GlobalSettings
from Products.CMFPlone.Portal import PloneSite
import shutil


#: Written once; what a webmaster changed since is left alone.
SETTINGS = {
    "storage_type": "Blob",
    "auto_convert": True,
    "auto_select_layout": True,
    "enable_indexation": True,
    "ocr": False,
    "pdf_image_format": "png",
    "large_size": 1200,
    "normal_size": 800,
    "thumb_size": 180,
    "show_contributor": False,
    "show_search": True,
}

#: Kinds of files that LibreOffice turns into PDF.
OFFICE_TYPES = ["word", "excel", "ppt", "rft"]

_DONE = "civisdata_settings"


def set_up_documents(site: PloneSite) -> None:
    """Give the viewer its settings, once; no contributor's name is ever shown."""
    if is_set_up(site):
        return
    settings = GlobalSettings(site)
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    office = OFFICE_TYPES if shutil.which("soffice") else []
    settings.auto_layout_file_types = ["pdf", *office]
    settings._metadata[_DONE] = 1


def is_set_up(site: PloneSite) -> bool:
    """Say whether a site's documents are those of Civis Data."""
    return bool(GlobalSettings(site)._metadata.get(_DONE))
