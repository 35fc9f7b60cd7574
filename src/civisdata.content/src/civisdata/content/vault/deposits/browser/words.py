"""States, reasons and channels in words."""

from civisdata.content import _
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.deposits import batches


CHANNELS = {
    "agent": _("Form of the agents"),
    "batch": _("Batch of deposits"),
    "service": _("Online service"),
}

#: One answer for all reasons that are the citizen's own business.
NOT_ACCEPTED = _(
    "This document cannot be delivered to this person here. Send it by post."
)
REUSED = _(
    "This form was sent already, with another document or for another person. "
    "Nothing was deposited. Load the page again."
)

#: State of a line → what the agent is told.
STATES = {
    batches.READY: _("Can be delivered"),
    batches.DELIVERED: _("Delivered"),
    batches.NOT_DELIVERED: _("Not delivered: send it by post"),
    batches.UNKNOWN: _("Unknown, or cannot receive deposits: send it by post"),
    batches.NOT_CONSENTING: _("Has not consented: send it by post"),
    batches.NO_FILE: _("The file is missing from the ZIP"),
    batches.DUPLICATE: _("The same document for the same person, once more"),
    batches.ALREADY: _("Was delivered already"),
    batches.INCOMPLETE: _("The recipient or the file is missing"),
    batches.DAMAGED_FILE: _("The file is damaged"),
    batches.TOO_MUCH: _("The batch is too large: put this line into another one"),
    "too_big": _("The file is too large"),
    "empty": _("The file is empty"),
    "name": _("The file has no usable name"),
    "kind": _("The content of the file does not match its extension"),
    "category": _("The category is unknown"),
}

#: Reason of ``BadTable`` → what the agent is told.
BAD_TABLES = {
    "empty": _("The table has no line."),
    "big": _("The table is too large."),
    "encoding": _("The table's encoding is not recognised. Save it as « CSV UTF-8 »."),
    "columns": _(
        "The first line has to name the columns « destinataire » and « fichier », each "
        "once, separated by semicolons, commas or tabs."
    ),
    "quotes": _("Quotation marks are not closed (line ${line})."),
    "lines": _("The table has too many lines."),
}

#: Reason of ``BadArchive`` → what the agent is told.
BAD_ARCHIVES = {
    "zip": _("This is not a ZIP archive, or it is damaged."),
    "entries": _("The ZIP holds too many files."),
    "bomb": _("The ZIP unpacks to far more than it should. It was refused."),
    "path": _("The ZIP holds paths or links that lead elsewhere. It was refused."),
    "encrypted": _("The ZIP is protected by a password."),
    "method": _("The ZIP is packed in a way that is not supported."),
    "twice": _("The ZIP holds two files of the same name."),
}


def refused(reason: str):
    """Give what an agent is told of a document that can't be stored."""
    return REFUSED.get(reason, NOT_ACCEPTED)
