"""Where mails go when no mail server is named: a folder, for a first look only."""

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from civisdata.policy.operations.ports import free_port
from pathlib import Path


class LocalMailbox:
    """A real SMTP receiver on 127.0.0.1 that keeps mails in a Maildir at ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self._controller = Controller(
            Mailbox(str(folder)), hostname="127.0.0.1", port=self._port
        )

    def start(self) -> str:
        """Start receiving; return ``host:port``."""
        self._controller.start()
        return f"127.0.0.1:{self._port}"

    def stop(self) -> None:
        self._controller.stop(no_assert=True)
