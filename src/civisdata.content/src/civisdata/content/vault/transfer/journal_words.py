"""What transfers note in the citizen's journal, and how it reads."""

from civisdata.content import _
from civisdata.content.citizens import background
from civisdata.content.citizens.journal import Entry
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import DOCUMENTS
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.vault.journal_words import ALTERED as ALTERED_NOTED
from collections.abc import Callable
from zope.i18nmessageid import Message


EXPORTED, SELECTION = "archive-exported", "selection-exported"
IMPORTED, REFUSED = "archive-imported", "archive-refused"

_FORMS = {
    "passphrase": _(
        "You took everything along, encrypted with a passphrase; documents: ${count}."
    ),
    "authority": _(
        "You took everything along, encrypted for another authority; documents: ${count}."
    ),
}


def _exported(entry: Entry) -> Message:
    return _FORMS.get(
        str(entry.details.get("form")),
        _("You took everything along as an ordinary ZIP; documents: ${count}."),
    )


register_action(EXPORTED, _exported, ACCOUNT)
register_action(
    SELECTION,
    _("You downloaded a choice of documents as a ZIP; documents: ${count}."),
    DOCUMENTS,
)
register_action(IMPORTED, _("You imported an archive; documents: ${count}."), ACCOUNT)
register_action(
    REFUSED, _("An archive that you sent was refused; nothing of it was kept."), ACCOUNT
)


def alteration_noter(space) -> Callable[[str], None]:
    """Give what notes a document that turned out to be altered, by its id.

    It outlives the request: an archive is sent after it.
    """
    write = background.writer(space)

    def noted(document_id: str) -> None:
        write(lambda found: note(found, ALTERED_NOTED, item=document_id))

    return noted
