"""What webmasters set for all vaults, read from the registry."""

from civisdata.content.vault import categories
from civisdata.content.vault.interfaces import IVaultSettings
from civisdata.content.vault.uploads import Limits
from collections.abc import Mapping
from plone.registry.interfaces import IRegistry
from zope.component import getUtility


PREFIX = "civisdata.vault"
_MEGA = 10**6


def vault_settings():
    """Give the records; those that an upgrade has yet to add have their defaults."""
    return getUtility(IRegistry).forInterface(
        IVaultSettings, prefix=PREFIX, check=False
    )


def limits() -> Limits:
    """Give the limits that webmasters set."""
    settings = vault_settings()
    return Limits(
        quota=(settings.quota or IVaultSettings["quota"].default) * _MEGA,
        max_document=(settings.max_document or IVaultSettings["max_document"].default)
        * _MEGA,
    )


def offered_categories() -> dict[str, str]:
    """Give the types that are offered to everybody: id → title, in their order."""
    return categories.with_titles(vault_settings().categories or ())


def category_titles(own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give titles of all types a document may have, retired ones too."""
    retired = categories.read_lines(vault_settings().retired_categories or ())
    return {
        **categories.CATEGORIES,
        **{id: title for id, title in retired.items() if title},
        **(own or {}),
        **offered_categories(),
    }
