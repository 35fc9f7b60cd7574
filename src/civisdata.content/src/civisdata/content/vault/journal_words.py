"""What the vault notes in the citizen's journal, how it reads, and titles for it."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import DOCUMENTS
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import register_titles
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.contents import folder_of
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import Vault
from collections.abc import Iterable


STORED, READ, DOWNLOADED = "document-stored", "document-read", "document-downloaded"
DELETED, ALTERED = "document-deleted", "document-altered"

register_action(STORED, _("You stored ${title}."), DOCUMENTS)
register_action(READ, _("You read ${title}."), DOCUMENTS)
register_action(DOWNLOADED, _("You downloaded ${title}."), DOCUMENTS)
register_action(DELETED, _("You deleted ${title}."), DOCUMENTS)
register_action(
    ALTERED,
    _("An alteration was found in ${title}, which was not given out."),
    DOCUMENTS,
)


def titles(space, bundle: KeyBundle, items: Iterable[str]) -> dict[str, str | None]:
    """Return titles of documents and folders by id; None where a box doesn't open."""
    vault, found = get_vault(space), {}
    for item in items:
        try:
            found[item] = _title(vault, space.getId(), item, bundle)
        except NoSuchItem:
            continue
        except (IntegrityError, ValueError):
            found[item] = None
    return found


def _title(vault: Vault, space_id: str, item: str, bundle: KeyBundle) -> str:
    if item in vault.folders:
        return folder_of(vault, space_id, item, bundle).title
    return metadata_of(vault, space_id, vault.document(item), bundle).title


register_titles(titles)
