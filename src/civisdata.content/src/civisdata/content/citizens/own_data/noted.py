"""What this room notes in the journal, and how it reads: that it changed, never to what."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import register_action


DATA_CHANGED, MOVED = "data-changed", "commune-changed"
EMAIL_ASKED, EMAIL_STOPPED = "email-change-asked", "email-change-stopped"
EMAIL_CHANGED, EMAIL_PUT_BACK = "email-changed", "email-put-back"

_SENTENCES = {
    DATA_CHANGED: _("You changed your data."),
    MOVED: _("You moved to another commune."),
    EMAIL_ASKED: _("A change of your e-mail address was asked for."),
    EMAIL_STOPPED: _("The change of your e-mail address was stopped."),
    EMAIL_CHANGED: _("Your new e-mail address was confirmed, and counts."),
    EMAIL_PUT_BACK: _(
        "Your former e-mail address was put back through the link sent to it; all "
        "sessions ended."
    ),
}
for _action, _sentence in _SENTENCES.items():
    register_action(_action, _sentence, ACCOUNT)
