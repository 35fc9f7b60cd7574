"""What sharing notes in the journals of owner and recipient, and how it reads.

The recipient's entries have no title: it is sealed in the owner's space.
"""

from civisdata.content import _
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import SHARING
from civisdata.content.citizens.journal.storage import RECIPIENT
from civisdata.content.vault.sharing.received import Received


OFFERED, STOPPED = "share-offered", "share-stopped"
ACCEPTED, REFUSED, LEFT = "share-accepted", "share-refused", "share-given-back"
ADDED, SEEN = "share-added", "share-read"
WELCOME, UNWELCOME = "share-offers-taken", "share-offers-refused"
TAKEN, DECLINED, RETURNED = "received-accepted", "received-refused", "received-returned"
READ, CONTRIBUTED = "received-read", "received-added"

_SENTENCES = {
    OFFERED: _("You offered to share ${title}."),
    STOPPED: _("You stopped sharing ${title}."),
    ACCEPTED: _("${who} accepted your share of ${title}."),
    REFUSED: _("${who} refused your share of ${title}."),
    LEFT: _("${who} gave back your share of ${title}."),
    ADDED: _("${who} added ${title} to a folder that you share."),
    SEEN: _("${who} read ${title}, which you share."),
    WELCOME: _("You chose to take offers of shares."),
    UNWELCOME: _("You chose to take no more offers of shares."),
    TAKEN: _("You accepted a share."),
    DECLINED: _("You refused a share."),
    RETURNED: _("You gave back a share."),
    READ: _("You read a document that is shared with you."),
    CONTRIBUTED: _("You added a document to a folder that is shared with you."),
}
for _action, _sentence in _SENTENCES.items():
    register_action(_action, _sentence, SHARING)

#: What the recipient does → what the owner is told of it.
_FOR_OWNER = {TAKEN: ACCEPTED, DECLINED: REFUSED, RETURNED: LEFT, CONTRIBUTED: ADDED}


def note_answer(space, received: Received, action: str, item: str = "") -> None:
    """Note what the recipient ``space`` has done, for both sides."""
    note(space, action)
    item = item or received.head.item
    note(received.owner, _FOR_OWNER[action], item=item, actor=RECIPIENT)
