"""What this process knows of the staff directory: breaker and short memory.

One client for a process, made anew when the settings change. It remembers who a log-in
is (never a password) for a minute, so a page costs at most one question, and a closed
account ends within that minute.
"""

from civisdata.policy.ldap.breaker import Breaker
from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.directory import Directory
from civisdata.policy.ldap.directory import Member
from civisdata.policy.ldap.settings import LdapSettings
from civisdata.policy.ldap.settings import SettingsError
from collections.abc import Callable
from collections.abc import Mapping
import ldap
import logging
import threading
import time


logger = logging.getLogger("civisdata.policy.ldap")

#: Seconds that a member is remembered, and how many are.
MEMORY_SECONDS = 45.0
MEMORY_SIZE = 500

#: What means that the directory, or our account there, is at fault.
FAILURES = (ldap.LDAPError, OSError, SettingsError)


class Memory:
    """The members seen lately, the oldest forgotten first; for all threads."""

    def __init__(
        self,
        seconds: float = MEMORY_SECONDS,
        size: int = MEMORY_SIZE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self.size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._rows: dict[str, tuple[float, Member | None]] = {}

    def get(self, login: str) -> tuple[bool, Member | None]:
        """Return whether ``login`` is remembered, and as whom (None: as nobody)."""
        with self._lock:
            until, member = self._rows.get(login, (0.0, None))
            return self._clock() < until, member

    def put(self, login: str, member: Member | None) -> None:
        """Remember ``login``."""
        with self._lock:
            self._rows.pop(login, None)
            while len(self._rows) >= self.size:
                del self._rows[next(iter(self._rows))]
            self._rows[login] = (self._clock() + self.seconds, member)


class Client:
    """The directory behind a breaker and a memory."""

    def __init__(self, settings: LdapSettings) -> None:
        self.settings = settings
        self.directory = Directory(settings)
        self.breaker = Breaker(deadline=2 * settings.timeout)
        self.memory = Memory()
        self.questions = 0

    def _ask(self, function: Callable):
        def counted():
            self.questions += 1
            return function()

        was_open = bool(self.breaker.reason)
        try:
            result = self.breaker.call(counted, FAILURES)
        except Unavailable as error:
            if error.__cause__ is not None:
                logger.warning("The staff directory does not answer: %s", error)
            raise
        if was_open:
            logger.info("The staff directory answers again.")
        return result

    def recall(self, login: str) -> Member | None:
        """Return whom we remember under ``login``, without asking."""
        known, member = self.memory.get(login.lower())
        return member if known else None

    def find(self, login: str) -> Member | None:
        """Return the member named ``login``; raise ``Unavailable``."""
        login = login.lower()
        known, member = self.memory.get(login)
        if known:
            return member
        member = self._ask(lambda: self.directory.find(login))
        self.memory.put(login, member)
        return member

    def authenticate(self, login: str, password: str) -> Member | None:
        """Return the member with this password; raise ``Unavailable``.

        The directory is asked each time: a password is never remembered.
        """
        member = self._ask(lambda: self.directory.authenticate(login, password))
        if member is not None:
            self.memory.put(member.login, member)
        return member

    def members(self, wanted: Callable[[str], bool]) -> list[Member]:
        """Return the members of the groups whose name is wanted; raise ``Unavailable``.

        For tasks: it asks for each member, and remembers nobody.
        """
        return self._ask(lambda: self.directory.members(wanted))

    def survey(self) -> tuple[int, Mapping[str, int]]:
        """Count accounts and members of groups; raise ``Unavailable``."""
        return self._ask(self.directory.survey)


_lock = threading.Lock()
_client: Client | None = None


def get_client(settings: LdapSettings) -> Client:
    """Return this process's client for ``settings``."""
    global _client
    with _lock:
        if _client is None or _client.settings != settings:
            _client = Client(settings)
        return _client


def forget() -> None:
    """Drop the client with all that it knows (tests; after a change of settings)."""
    global _client
    with _lock:
        _client = None
