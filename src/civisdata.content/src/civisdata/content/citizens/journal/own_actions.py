"""What this room notes, and how it reads."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import LOGINS
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import SHARING
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import SYSTEM
from zope.i18nmessageid import Message


LOG_IN, LOG_OUT = "log-in", "log-out"
LOG_IN_FAILED, SECRET_REFUSED = "log-in-failed", "secret-refused"
SECOND_REFUSED = "second-step-refused"
UNLOCKED, SESSIONS_ENDED = "unlocked", "sessions-ended"
SESSION_ENDED = "session-ended"
REGISTERED, ACTIVATED = "registered", "space-activated"
PASSWORD_CHOSEN, PASSWORD_CHANGED = "password-chosen", "password-changed"
RESET_ASKED, PASSWORD_RESET = "reset-asked", "password-reset"
CODE_CHANGED, CODE_USED = "recovery-code-changed", "recovery-code-used"
FORMER_PASSWORD_USED = "former-password-used"  # noqa: S105
ANEW_ASKED, ANEW_CANCELLED, ANEW_DONE = "anew-asked", "anew-cancelled", "anew-done"
EXPORTED = "journal-exported"
REGISTRATION_SEEN = "registration-seen"

#: Changes of a registration (see ``registrations``) → actions.
REGISTRATION_ACTIONS = {
    "register": REGISTERED,
    "accept": "registration-accepted",
    "refuse": "registration-refused",
    "suspend": "registration-suspended",
    "reinstate": "registration-reinstated",
    "close": "registration-closed",
    "reassign": "registration-reassigned",
    "renew_password": "first-password-sent",
    "print_letter": "first-password-printed",
    "export": "registration-exported",
    "confirm_identity": "identity-confirmed",
    "withdraw_identity": "identity-withdrawn",
    "join": "registrations-joined",
    "part": "registrations-parted",
}


def _log_in(entry: Entry) -> Message:
    client = entry.details.get("client")
    if not client:
        return _("Log-in from an unknown browser.")
    if entry.details.get("unusual"):
        return _("Log-in from ${client}, a browser that was new here.")
    return _("Log-in from ${client}.")


def _log_in_failed(entry: Entry) -> Message:
    if entry.details.get("count", 1) == 1:
        return _("A log-in attempt failed.")
    return _("${count} log-in attempts failed.")


def _secret_refused(entry: Entry) -> Message:
    if entry.details.get("count", 1) == 1:
        return _("A wrong password or code was typed inside your space.")
    return _("Wrong passwords or codes were typed inside your space (${count} times).")


def _second_refused(entry: Entry) -> Message:
    if entry.details.get("count", 1) == 1:
        return _("The right password was given, but a wrong code at the second step.")
    return _("Wrong codes were given at the second step (${count} times).")


def _sessions_ended(entry: Entry) -> Message:
    if not entry.details.get("count"):
        return _("You asked to end your other sessions; there were none.")
    return _("You ended your other sessions (${count}).")


def _session_ended(entry: Entry) -> Message:
    if not entry.details.get("client"):
        return _("You ended one of your sessions.")
    return _("You ended one of your sessions (${client}).")


def _accepted(entry: Entry) -> Message:
    if entry.actor == SYSTEM:
        return _("Your registration was accepted automatically.")
    return _("${who} accepted your registration.")


register_action(LOG_IN, _log_in, LOGINS)
register_action(LOG_OUT, _("Log-out."), LOGINS)
register_action(LOG_IN_FAILED, _log_in_failed, LOGINS)
register_action(SECRET_REFUSED, _secret_refused, LOGINS)
register_action(SECOND_REFUSED, _second_refused, LOGINS)
register_action(UNLOCKED, _("Your documents were unlocked with your password."), LOGINS)
register_action(SESSIONS_ENDED, _sessions_ended, LOGINS)
register_action(SESSION_ENDED, _session_ended, LOGINS)

register_action(REGISTERED, _("You asked for this space."), ACCOUNT)
register_action(
    ACTIVATED,
    _("Your space became active, with keys and a recovery code of its own."),
    ACCOUNT,
)
register_action(PASSWORD_CHOSEN, _("You chose your password."), ACCOUNT)
register_action(
    PASSWORD_CHANGED, _("You changed your password; other sessions ended."), ACCOUNT
)
register_action(
    RESET_ASKED,
    _("A link to choose a new password was asked for, and sent by e-mail."),
    ACCOUNT,
)
register_action(
    PASSWORD_RESET,
    _("A new password was chosen through the link sent by e-mail; all sessions ended."),
    ACCOUNT,
)
register_action(
    CODE_CHANGED, _("You made a new recovery code; the old one ended."), ACCOUNT
)
register_action(
    CODE_USED, _("Your documents were unlocked with your recovery code."), ACCOUNT
)
register_action(
    FORMER_PASSWORD_USED,
    _("Your documents were unlocked with your former password."),
    ACCOUNT,
)
register_action(
    ANEW_ASKED, _("To start anew, without the documents, was asked for."), ACCOUNT
)
register_action(ANEW_CANCELLED, _("Starting anew was called off."), ACCOUNT)
register_action(
    ANEW_DONE,
    _("The space started anew: its documents are lost, its keys replaced."),
    ACCOUNT,
)
register_action(EXPORTED, _("You exported your journal."), ACCOUNT)

register_action(
    REGISTRATION_SEEN, _("${who} looked at the data of your registration."), SHARING
)
register_action("registration-accepted", _accepted, SHARING)
register_action("registration-refused", _("${who} refused your registration."), SHARING)
register_action(
    "registration-suspended",
    _("${who} suspended your space; your sessions ended."),
    SHARING,
)
register_action("registration-reinstated", _("${who} reinstated your space."), SHARING)
register_action("registration-closed", _("${who} closed your space."), SHARING)
register_action(
    "registration-reassigned",
    _("${who} moved your registration to another commune."),
    SHARING,
)
register_action(
    "first-password-sent",
    _("${who} sent you a new first password; your sessions ended."),
    SHARING,
)
register_action(
    "first-password-printed",
    _("${who} printed a letter with a first password for you."),
    SHARING,
)
register_action(
    "registration-exported",
    _("${who} exported the data of your registration in a list."),
    SHARING,
)
register_action(
    "identity-confirmed", _("${who} confirmed your identity at the counter."), SHARING
)
register_action(
    "identity-withdrawn",
    _("${who} withdrew the confirmation of your identity."),
    SHARING,
)
register_action(
    "registrations-joined",
    _("${who} noted that you have another registration."),
    SHARING,
)
register_action(
    "registrations-parted",
    _("${who} noted that another registration is not yours."),
    SHARING,
)
