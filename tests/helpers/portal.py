"""A whole portal in processes of its own, as `make run` starts it."""

from civisdata.policy.operations.ports import free_port
from dataclasses import dataclass
from email import message_from_bytes
from email import policy
from email.message import EmailMessage
from pathlib import Path
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request


@dataclass
class Login:
    """A generated log-in of ``first-logins.txt``."""

    role: str
    login: str
    password: str


class Portal:
    """Starts the launcher on a free port with its data in ``var``, and ends it."""

    def __init__(self, var: Path, **environ: str) -> None:
        self.var = var
        self.port = free_port()
        self.environ = environ
        self.output = ""
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, seconds: float = 600) -> "Portal":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "civisdata.policy.operations.serve"],
            env={
                **without_the_tests_queue(),
                "VAR": str(self.var),
                "PORT": str(self.port),
                **self.environ,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            self._read_until_ready(seconds)
        except BaseException:
            # A test that was ended by its time limit, too, leaves no portal behind.
            self.stop()
            raise
        return self

    def _read_until_ready(self, seconds: float) -> None:
        lines = []
        deadline = time.monotonic() + seconds
        for line in self._process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C") or time.monotonic() > deadline:
                break
        self.output = "".join(lines)
        if not lines or not lines[-1].startswith("Ctrl-C"):
            raise RuntimeError(f"the portal did not start: {self.output}")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Send a signal to the launcher and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signum)
        code = self._process.wait(180)
        self._process.stdout.close()
        return code

    def logins(self) -> list[Login]:
        text = (self.var / "first-logins.txt").read_text()
        return [Login(*line.split(" ", 2)) for line in text.splitlines()]

    def login(self, role: str) -> Login:
        return next(login for login in self.logins() if login.role == role)

    def mails(self) -> list[EmailMessage]:
        """Return the mails that were received, oldest first."""
        files = sorted(
            (self.var / "mail" / "new").glob("*"), key=lambda path: path.stat().st_mtime
        )
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in files
        ]

    def status(self, path: str) -> int:
        try:
            return urllib.request.urlopen(self.url + path, timeout=60).status
        except urllib.error.HTTPError as error:
            return error.code


def without_the_tests_queue() -> dict[str, str]:
    """Return the environment for a portal that has a queue of tasks of its own."""
    return {name: value for name, value in os.environ.items() if name != "CIVIS_TASKS"}


def command_line(pid: int | str) -> bytes:
    """Return program and arguments of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def descendants(pid: int) -> set[int]:
    """Return the ids of all processes that ``pid`` started, directly or not."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found: set[int] = set()
    while True:
        more = {
            child
            for child, parent in parents.items()
            if (parent == pid or parent in found) and child not in found
        }
        if not more:
            return found
        found |= more
