"""What the scripts of ``@@documents`` need to know, as JSON in the page."""

from civisdata.content import _
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.pieces import MAX_BYTES
from civisdata.content.vault.browser.pieces import MAX_FILES
from civisdata.content.vault.browser.texts import EXPIRED
from civisdata.content.vault.browser.texts import LOCKED
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.settings import limits
import json


TEXTS = {
    "waiting": _("Waiting"),
    "sending": _("Sending"),
    "checking": _("Checking"),
    "done": _("Stored"),
    "cancel": _("Cancel"),
    "cancel_all": _("Cancel all"),
    "cancelled": _("Cancelled: nothing was stored."),
    "retry": _("Try again"),
    "retrying": _("The connection was lost. Trying again…"),
    "resumed": _("Going on where it stopped"),
    "failed": _(
        "The connection was lost. What was sent is kept for a day: try again, or choose "
        "the same file later."
    ),
    "unreadable": _("This file cannot be read on your device."),
    "folder_failed": _("Its folder could not be made. It was not stored."),
    "expired": EXPIRED,
    "locked": LOCKED,
    "login": _("Log in again"),
    "unlock": _("Unlock"),
    "progress": _("Progress of"),
    "empty": REFUSED["empty"],
    "too_big": REFUSED["too_big"],
    # The scripts put numbers in the place of {…}.
    "summary": _("{done} of {total} documents stored"),
    "already": _("Here already: it was not sent again."),
    "summary_already": _("{count} were here already"),
    "halted": _("{why} Files waiting: {count}."),
    "summary_failed": _("{failed} not stored: see below"),
    "more_waiting": _("{count} more files are waiting."),
    "more_failed": _("{count} more files were not stored."),
    "moving": _("Moving…"),
    "moved": _("Moved."),
    "not_moved": _("It could not be moved. Load the page again."),
}


def script_settings(view: VaultView, folder_id: str, **more: str) -> str:
    """What the scripts of ``@@documents`` need, or of another page where ``more`` says so."""
    settings = {
        "url": f"{view.space_url}/@@depot",
        "filing": f"{view.space_url}/@@classer",
        "login": f"{view.portal_url}/login",
        "unlock": f"{view.space_url}/@@deverrouiller",
        "folder": folder_id,
        "piece": PIECE,
        "together": {"files": MAX_FILES, "bytes": MAX_BYTES},
        "largest": limits().max_document,
        "texts": {name: view.text(text) for name, text in TEXTS.items()},
    }
    return json.dumps(settings | more, ensure_ascii=False)
