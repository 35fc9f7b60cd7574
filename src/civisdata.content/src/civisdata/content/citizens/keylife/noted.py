"""What this room notes in journals, and how it reads."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import SHARING


KEYS_RENEWED = "keys-renewed"
NAMED, REMOVED, ENDED = "trusted-named", "trusted-removed", "trusted-ended"
CALLED, CALL_CANCELLED = "help-asked", "help-cancelled"
CALL_BARRED, CALL_DENIED = "help-cancelled-former-password", "help-denied"
CALL_ANSWERED, HELPED = "help-answered", "help-used"
ACCEPTED, LEFT = "trusted-accepted", "trusted-left"
SHARE_GIVEN, CALL_REFUSED = "trusted-share-given", "trusted-call-refused"

register_action(
    KEYS_RENEWED,
    _("You replaced your keys, your password and your code; other sessions ended."),
    ACCOUNT,
)
register_action(NAMED, _("You named trusted persons (${count})."), SHARING)
register_action(
    REMOVED, _("You removed a trusted person; the others got new shares."), SHARING
)
register_action(ENDED, _("You ended all trust in your trusted persons."), SHARING)
register_action(CALLED, _("Your trusted persons were called for help."), ACCOUNT)
register_action(CALL_CANCELLED, _("The call for help was cancelled."), ACCOUNT)
register_action(
    CALL_BARRED,
    _("The call for help was cancelled by your former password at the log-in."),
    ACCOUNT,
)
register_action(
    CALL_DENIED,
    _("A trusted person said that the call was not yours; it was cancelled."),
    ACCOUNT,
)
register_action(
    CALL_ANSWERED, _("A trusted person answered your call for help."), ACCOUNT
)
register_action(
    HELPED,
    _("Your documents were unlocked with the help of your trusted persons."),
    ACCOUNT,
)
register_action(
    ACCEPTED, _("You accepted to be the trusted person of somebody."), SHARING
)
register_action(
    LEFT, _("You refused, or ended, to be the trusted person of somebody."), SHARING
)
register_action(
    SHARE_GIVEN, _("You answered a call for help, and gave your share on."), SHARING
)
register_action(
    CALL_REFUSED, _("You said that a call for help was not genuine."), SHARING
)
