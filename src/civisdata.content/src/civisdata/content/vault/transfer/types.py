"""Types of documents on the way: what this portal doesn't offer becomes one's own."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.categories import BadCategories
from civisdata.content.vault.categories import CATEGORIES
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.categories import MAX_TITLE
from civisdata.content.vault.preferences import keep_preferences
from civisdata.content.vault.preferences import open_preferences
from civisdata.content.vault.preferences import with_type
from civisdata.content.vault.settings import category_titles
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.transfer.manifest import Manifest
from collections.abc import Mapping
from plone.registry.interfaces import IRegistry
from zope.component import queryUtility


def known_types(vault: Vault, space_id: str, bundle: KeyBundle) -> dict[str, str]:
    """Give titles of all types that a document here may have, by id."""
    own = open_preferences(vault, space_id, bundle).types
    if queryUtility(IRegistry) is None:
        return {**CATEGORIES, **own}
    return category_titles(own)


def take_in_types(
    vault: Vault, space_id: str, bundle: KeyBundle, manifest: Manifest
) -> dict[str, str]:
    """Make types of one's own of those that are unknown; give ids here by ids there.

    Where one can't be made (there are as many as may be), its documents are « other ».
    """
    known: Mapping[str, str] = known_types(vault, space_id, bundle)
    preferences = before = open_preferences(vault, space_id, bundle)
    here: dict[str, str] = {}
    for id in sorted({item.metadata.category for item in manifest.documents}):
        if id in known:
            continue
        title = manifest.categories.get(id, id)[:MAX_TITLE]
        try:
            preferences, here[id] = with_type(preferences, title)
        except BadCategories:
            here[id] = DEFAULT
    if preferences != before:
        keep_preferences(vault, space_id, bundle, preferences)
    return here
