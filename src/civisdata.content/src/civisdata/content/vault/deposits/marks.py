"""How lists and pages show that a document was deposited, and that it is new."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.vault.documents import Metadata
from dataclasses import dataclass
from zope.i18nmessageid import Message


#: Seconds for which a deposit counts as new, once its citizen could see it.
NEW_SECONDS = 7 * 86400


@dataclass(frozen=True)
class Origin:
    """Where a document came from, in words; ``text`` is « Déposé par … »."""

    text: Message
    publisher: str
    message: str
    new: bool


def origin_of(metadata: Metadata) -> Origin | None:
    """Give the origin of a deposited document; None for the citizen's own."""
    origin = metadata.origin
    if not origin or "receipt_id" not in origin:
        return None
    return Origin(
        _("Deposited by ${publisher}", mapping={"publisher": origin["by"]}),
        origin["title"],
        origin["message"],
        clock.now() - origin["filed_at"] < NEW_SECONDS,
    )
