"""What TinyMCE, Plone's editor of texts, is told beyond Plone's own settings."""

from plone.registry.interfaces import IRegistry
from zope.component import getUtility
import json


RECORD = "plone.other_settings"

#: Neither advertisement nor English words; the frame of the text has a French name.
SETTINGS = {
    "branding": False,
    "promotion": False,
    "iframe_aria_text": "Zone de texte enrichi. Alt+0 affiche l’aide.",
}


def tell_editor() -> None:
    """Add the settings to those of the control panel; what stands there stays."""
    registry = getUtility(IRegistry)
    if RECORD not in registry.records:
        return
    try:
        stored = json.loads(registry[RECORD] or "{}")
    except ValueError:
        stored = {}
    if not isinstance(stored, dict):
        stored = {}
    registry[RECORD] = json.dumps({**SETTINGS, **stored}, ensure_ascii=False, indent=2)
