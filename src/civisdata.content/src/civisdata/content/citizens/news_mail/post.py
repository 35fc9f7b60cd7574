"""The way to the mail server, with an exact answer for each mail: taken, not taken, or
not known."""

from civisdata.content.mail import opened
from email.message import EmailMessage
from enum import Enum
import re
import smtplib


class Outcome(Enum):
    """What became of a mail."""

    TAKEN = "taken"
    #: Refused for good, for another reason than the address: perhaps it is our fault.
    REFUSED = "refused"
    #: Refused for good, as there is no such address.
    NO_SUCH = "no such address"
    #: Refused for now, this one only.
    LATER = "later"
    #: The mail server doesn't work: nothing can be sent now, and this mail wasn't.
    DOWN = "down"
    #: The connection broke after the mail was given over.
    UNKNOWN = "unknown"


#: Enhanced status of an address that isn't there (RFC 3463).
_BAD_ADDRESS = re.compile(rb"5\.(1\.[0-36]|1\.10|2\.1)\b")

_FAILURES = (smtplib.SMTPException, OSError, ValueError)


class Post:
    """One connection to the mail server, opened at the first mail and kept."""

    def __init__(self, server: dict) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def ready(self) -> bool:
        """Open the connection; say whether the server answers."""
        if self._connection is not None:
            try:
                if self._connection.noop()[0] == 250:
                    return True
            except _FAILURES:
                pass
            self.close()
        try:
            self._connection = opened(self._server)
        except _FAILURES:
            return False
        return True

    def send(self, envelope_sender: str, to: str, message: EmailMessage) -> Outcome:
        """Hand one mail over; the connection has been made ready."""
        try:
            code, text = self._begin(envelope_sender, to)
        except _FAILURES:
            self.close()
            return Outcome.DOWN
        if code >= 400:
            outcome = self._refused(code)
            unknown = outcome is Outcome.REFUSED and _BAD_ADDRESS.match(text)
            return Outcome.NO_SUCH if unknown else outcome
        try:
            code, _text = self._connection.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code)
        except _FAILURES:
            self.close()
            return Outcome.UNKNOWN
        return Outcome.TAKEN if code == 250 else self._refused(code)

    def _begin(self, envelope_sender: str, to: str) -> tuple[int, bytes]:
        code, _text = self._connection.mail(envelope_sender)
        if code != 250:
            # Our own server doesn't want the sender: the same for all readers.
            raise smtplib.SMTPResponseException(code, "sender refused")
        code, text = self._connection.rcpt(to)
        return (0, b"") if code in (250, 251) else (code, text)

    def _refused(self, code: int) -> Outcome:
        if code == 421:
            self.close()
            return Outcome.DOWN
        try:
            self._connection.rset()
        except _FAILURES:
            self.close()
        return Outcome.LATER if code < 500 else Outcome.REFUSED

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except _FAILURES:
                connection.close()


class MailHostPost:
    """For a MailHost that doesn't speak SMTP itself, such as that of tests."""

    def __init__(self, mailhost) -> None:
        self._mailhost = mailhost

    def ready(self) -> bool:
        return True

    def send(self, envelope_sender: str, to: str, message: EmailMessage) -> Outcome:
        self._mailhost.send(message, to, envelope_sender, immediate=True)
        return Outcome.TAKEN

    def close(self) -> None:
        pass
