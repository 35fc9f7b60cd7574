"""What requests note in the citizen's journal, and how it reads; never what was asked."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import SHARING


ASKED, GIVEN, DECLINED = "request-received", "request-copy-given", "request-declined"
READ = "request-copy-read"
ENDED, WITHDRAWN = "request-ended", "request-withdrawn"

_SENTENCES = {
    ASKED: _("${who} asked you for a document."),
    GIVEN: _("You gave a copy of ${title} to an administration."),
    DECLINED: _("You declined a request for a document."),
    READ: _("${who} read the copy that you gave."),
    ENDED: _("You ended a request for a document; the copy, if any, is erased."),
    WITHDRAWN: _("${who} ended a request for a document; the copy, if any, is erased."),
}
for _action, _sentence in _SENTENCES.items():
    register_action(_action, _sentence, SHARING)


def administration(publisher: str) -> str:
    """Give the actor of entries for a publisher."""
    return f"administration:{publisher}"
