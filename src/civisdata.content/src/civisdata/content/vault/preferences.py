"""A citizen's own settings of the vault: sealed, as all that is written in it."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.categories import BadCategories
from civisdata.content.vault.categories import MAX_CATEGORIES
from civisdata.content.vault.categories import MAX_TITLE
from civisdata.content.vault.categories import OWN
from civisdata.content.vault.storage import Vault
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
import secrets


LIST, THUMBNAILS = "liste", "vignettes"
VIEWS = (LIST, THUMBNAILS)
#: Purpose and item of the box.
PURPOSE = "preferences"


@dataclass(frozen=True)
class Preferences:
    """``types``: one's own types of documents, id → title."""

    view: str = LIST
    types: dict[str, str] = field(default_factory=dict)


def open_preferences(vault: Vault, space_id: str, bundle: KeyBundle) -> Preferences:
    """Open the box; IntegrityError where it was altered."""
    if not vault.preferences:
        return Preferences()
    data = BoxKey(bundle.vault_key).open(
        vault.preferences, space_id=space_id, item_id=PURPOSE, purpose=PURPOSE
    )
    known = Preferences.__dataclass_fields__
    return Preferences(**{name: data[name] for name in known if name in data})


def keep_preferences(
    vault: Vault, space_id: str, bundle: KeyBundle, preferences: Preferences
) -> None:
    vault.preferences = BoxKey(bundle.vault_key).seal(
        asdict(preferences), space_id=space_id, item_id=PURPOSE, purpose=PURPOSE
    )


def with_type(preferences: Preferences, title: str) -> tuple[Preferences, str]:
    """Add a type of one's own, or find it; give it with its id.

    Raises BadCategories (``title``, ``too_many``).
    """
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE or not title.isprintable():
        raise BadCategories("title", title)
    for id, known in preferences.types.items():
        if known.casefold() == title.casefold():
            return preferences, id
    if len(preferences.types) >= MAX_CATEGORIES:
        raise BadCategories("too_many")
    id = OWN + secrets.token_hex(4)
    return replace(preferences, types={**preferences.types, id: title}), id


def without_type(preferences: Preferences, id: str) -> Preferences:
    """Drop a type of one's own; documents that have it are « other documents »."""
    types = {key: title for key, title in preferences.types.items() if key != id}
    return replace(preferences, types=types)
