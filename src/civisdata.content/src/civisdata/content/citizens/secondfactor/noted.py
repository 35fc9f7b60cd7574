"""What this room notes in journals, and how it reads."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import LOGINS
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.storage import Entry
from zope.i18nmessageid import Message


ASKED = "second-step-asked"
APP_ADDED, APP_REMOVED = "second-app-added", "second-app-removed"
PASSKEY_ADDED, PASSKEY_REMOVED = "passkey-added", "passkey-removed"
CODES_RENEWED, CODE_USED = "single-use-codes-renewed", "single-use-code-used"
RECOVERY_USED = "second-step-recovery-code"
STOPPED = "second-step-stopped"


def _asked(entry: Entry) -> Message:
    if not entry.details.get("client"):
        return _("The right password was given; the second step was asked for.")
    return _(
        "The right password was given from ${client}; the second step was asked for."
    )


register_action(ASKED, _asked, LOGINS)
register_action(
    APP_ADDED, _("You added an authentication app to your log-in."), ACCOUNT
)
register_action(
    APP_REMOVED, _("You removed the authentication app from your log-in."), ACCOUNT
)
register_action(PASSKEY_ADDED, _("You added a passkey to your log-in."), ACCOUNT)
register_action(PASSKEY_REMOVED, _("You removed a passkey from your log-in."), ACCOUNT)
register_action(
    CODES_RENEWED, _("You made new single-use codes; those before ended."), ACCOUNT
)
register_action(CODE_USED, _("A single-use code was used (${left} are left)."), LOGINS)
register_action(
    RECOVERY_USED,
    _("The recovery code of the documents served as the second step."),
    LOGINS,
)
register_action(
    STOPPED, _("The log-in in two steps was stopped: the password is enough."), ACCOUNT
)
