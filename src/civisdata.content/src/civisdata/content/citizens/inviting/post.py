"""The way of an invitation to the mail server.

Where an address must not be written to, the mail server is called all the same, and hung
up on: whether it answers, and about how long that takes, is the same for the inviter.
"""

from Acquisition import aq_base
from civisdata.content.mail import MailManager
from civisdata.content.mail import opened
from civisdata.content.mail import sender_of
from civisdata.content.mail import server_of
from email.message import EmailMessage
from plone import api
from Products.MailHost.MailHost import MailBase
import transaction


class Knock(MailManager):
    """Calls the mail server and sends nothing."""

    def _deliver(self) -> None:
        with opened(self.server) as connection:
            connection.mail(self.sender)
            connection.rset()


def deliver(site, to: str, message: EmailMessage, wanted: bool) -> None:
    """Send a message when the transaction commits, or only call the mail server."""
    mailhost = api.portal.get_tool("MailHost")
    if getattr(type(aq_base(mailhost)), "_send", None) is not MailBase._send:
        if wanted:
            mailhost.send(message)
        return
    kind = MailManager if wanted else Knock
    sender = sender_of(site)[1]
    transaction.get().join(kind(server_of(mailhost), sender, to, message))
