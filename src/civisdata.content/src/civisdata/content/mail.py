"""Mail to citizens, sent when the transaction commits, or not at all.

Plone's MailHost delivers after the commit and only logs what goes wrong there. A first
password that nobody received would be lost: here the whole dialogue with the mail
server takes place while the transaction votes, as the last voter. If it fails, the
transaction is undone, and what was to be done can be done again.
"""

from Acquisition import aq_base
from civisdata.content.checks import parse_email
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from email.utils import formatdate
from email.utils import make_msgid
from plone import api
from Products.MailHost.MailHost import MailBase
from smtplib import SMTPException
from transaction.interfaces import IDataManager
from urllib.parse import urlsplit
from zope.interface import implementer
import smtplib
import ssl
import transaction


#: Seconds to wait for the mail server.
TIMEOUT = 10


class MailNotSent(Exception):
    """The mail server can't be reached or refuses; nothing was done."""


def compose(
    *, sender_name: str, sender: str, to: str, subject: str, text: str
) -> EmailMessage:
    """Return a plain-text message; ValueError where a header holds a line end."""
    message = EmailMessage(policy=SMTP.clone(utf8=False))
    message["From"] = formataddr((sender_name, sender))
    message["To"] = parse_email(to)
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    return message


def sender_of(portal) -> tuple[str, str]:
    """Return name and address that the portal's mail comes from."""
    name = api.portal.get_registry_record("plone.email_from_name", default="")
    address = api.portal.get_registry_record("plone.email_from_address", default="")
    host = urlsplit(portal.absolute_url()).hostname or "localhost"
    if host.replace(".", "").isdigit() or ":" in host:
        host = "localhost"
    return name or "Civis Data", address or f"ne-pas-repondre@{host}"


def send_mail(portal, to: str, subject: str, text: str) -> None:
    """Send a message to ``to`` when the current transaction commits.

    Commit raises MailNotSent where the server can't be reached or refuses it.
    """
    name, address = sender_of(portal)
    message = compose(
        sender_name=name, sender=address, to=to, subject=subject, text=text
    )
    mailhost = api.portal.get_tool("MailHost")
    if getattr(type(aq_base(mailhost)), "_send", None) is not MailBase._send:
        mailhost.send(message)
        return
    transaction.get().join(MailManager(server_of(mailhost), address, to, message))


def server_of(mailhost) -> dict:
    """Return how to reach the mail server, as Plone's settings say, in plain values."""
    mailer = mailhost._makeMailer()
    return {
        "host": mailer.hostname or "localhost",
        "port": int(mailer.port or 25),
        "user": mailer.username or "",
        "password": mailer.password or "",
        "force_tls": bool(mailer.force_tls),
        "implicit_tls": bool(mailer.implicit_tls),
    }


def opened(server: dict) -> smtplib.SMTP:
    """Connect to the mail server and log in; SMTPException or OSError."""
    if server["implicit_tls"]:
        connection = smtplib.SMTP_SSL(
            server["host"],
            server["port"],
            timeout=TIMEOUT,
            context=ssl.create_default_context(),
        )
    else:
        connection = smtplib.SMTP(server["host"], server["port"], timeout=TIMEOUT)
    try:
        connection.ehlo()
        if not server["implicit_tls"] and (
            server["force_tls"] or connection.has_extn("starttls")
        ):
            connection.starttls(context=_opportunistic(server["force_tls"]))
            connection.ehlo()
        if server["user"]:
            connection.login(server["user"], server["password"])
    except BaseException:
        connection.close()
        raise
    return connection


@implementer(IDataManager)
class MailManager:
    """Sends one message in the vote of its transaction, after all other voters."""

    def __init__(
        self, server: dict, sender: str, to: str, message: EmailMessage
    ) -> None:
        self.server = server
        self.sender = sender
        self.to = to
        self.message = message
        self.transaction_manager = transaction.manager

    def sortKey(self) -> str:
        return "~civisdata.mail"

    def tpc_vote(self, transaction) -> None:
        try:
            self._deliver()
        except (SMTPException, OSError, ValueError) as error:
            raise MailNotSent(type(error).__name__) from error

    def _deliver(self) -> None:
        with opened(self.server) as connection:
            connection.send_message(self.message, self.sender, [self.to])

    def tpc_begin(self, transaction) -> None:
        pass

    def commit(self, transaction) -> None:
        pass

    def tpc_finish(self, transaction) -> None:
        self.message = None

    def tpc_abort(self, transaction) -> None:
        self.message = None

    def abort(self, transaction) -> None:
        self.message = None

    def savepoint(self) -> "NothingToRollBack":
        return NothingToRollBack()


def _opportunistic(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class NothingToRollBack:
    """Savepoint of a message: it is sent at the end only."""

    def rollback(self) -> None:
        pass
