"""States, reasons and durations of requests in words."""

from civisdata.content import _
from civisdata.content.vault.requests.storage import DECLINED
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import WAITING


STATES = {
    WAITING: _("Awaiting an answer"),
    GIVEN: _("A copy was given"),
    DECLINED: _("Declined"),
    ENDED: _("The request is over"),
}

#: Reason of ``errors.Refused`` → what is told.
NOT_ASKED = {
    "left": _("This commune no longer takes part: it can't ask for documents."),
    "nobody": _("Say whom you ask: a log-in name or a standard address of the portal."),
    "paper": _("Say which document you need, in one line."),
    "purpose": _("Say what the document is needed for (1000 characters at most)."),
    "days": _("Choose for how long you need to read the document."),
}
NOT_ANSWERED = {
    "too_big": _("Copies of documents above 200 MB cannot be given."),
    "reason": _("Your reason is too long: 1000 characters at most."),
    "document": _("Choose a document of yours."),
}

DURATIONS = {
    7: _("One week"),
    30: _("30 days"),
    90: _("90 days"),
    180: _("180 days"),
    365: _("One year"),
}
