"""A real SMTP server on a free port that keeps what it receives."""

from aiosmtpd.controller import Controller
from civisdata.policy.operations.ports import free_port
from contextlib import contextmanager
from email import message_from_bytes
from email import policy
from email.message import EmailMessage
import threading


class SmtpServer:
    """Receives mail; ``messages`` holds it, oldest first."""

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        #: Answer to the next messages, such as ``550 no``; empty: they are taken.
        self.refusal = ""
        self._controller: Controller | None = None
        self._arrived = threading.Condition()

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.refusal:
            return self.refusal
        self.messages.append(
            message_from_bytes(envelope.content, policy=policy.default)
        )
        self.recipients.append(list(envelope.rcpt_tos))
        with self._arrived:
            self._arrived.notify_all()
        return "250 kept"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def configure(self, portal) -> None:
        """Make ``portal`` deliver its mail here, by the settings of its control panel."""
        registry = portal.portal_registry
        registry["plone.smtp_host"] = "127.0.0.1"
        registry["plone.smtp_port"] = self.port

    def wait(self, count: int) -> list[EmailMessage]:
        """Give the messages once so many are there: some leave in the background."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.recipients) >= count, 20)
        return self.messages

    def texts_to(self, address: str) -> list[str]:
        """Return subject and text of each message to ``address``."""
        return [
            f"{message['Subject']}\n\n{message.get_content()}".replace("\r\n", "\n")
            for message, recipients in zip(self.messages, self.recipients, strict=True)
            if address in recipients
        ]


@contextmanager
def running_smtp_server():
    """Yield a started server; it is stopped at the end."""
    server = SmtpServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
