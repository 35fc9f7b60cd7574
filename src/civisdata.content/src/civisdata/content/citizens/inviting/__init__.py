"""Invitations (R12): a mail with a personal word; nothing is kept of who doesn't come."""

from civisdata.content import _
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import register_action


#: Action of the journal; it names nobody.
INVITED = "invitation-sent"

register_action(INVITED, _("You invited somebody by e-mail."), ACCOUNT)
