"""A server that is killed while it writes a digest: no reader gets it twice."""

from collections import Counter
from helpers.portal import Portal
from helpers.portal import without_the_tests_queue
from helpers.smtp import SmtpServer
from pathlib import Path
import os
import pytest
import signal
import subprocess
import sys


SENDER = Path(__file__).parents[2] / "helpers" / "digest_sender.py"
#: Of four communes; the news item is one of the first.
READERS = 32
WRITTEN_TO = [f"banc-{number}@example.org" for number in range(0, READERS, 4)]
#: More than the lease of a run that says nothing, in seconds.
LATER = 200


class Killer(SmtpServer):
    """Takes a mail and ends its sender, before that one is told that it was taken."""

    deadly: tuple[int, ...] = ()
    sender: subprocess.Popen | None = None

    async def handle_DATA(self, server, session, envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.messages) in self.deadly:
            os.kill(self.sender.pid, signal.SIGKILL)
            self.sender.wait(30)
        return answer


@pytest.fixture
def run(tmp_path):
    """Run the sender on the data of a portal; ``run("0")`` gives its process."""
    var = tmp_path / "var"
    Portal(var).start().stop()

    def run(*arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, str(SENDER), *arguments],
            env={**without_the_tests_queue(), "VAR": str(var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


def ended(process: subprocess.Popen) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors[-2000:]
    return output


def test_nobody_gets_a_digest_twice(run):
    server = Killer()
    server.start()
    try:
        # Killed at its first mail, then in the middle; each time another server goes on.
        server.deadly = (1, len(WRITTEN_TO) // 2)
        for turn in range(len(server.deadly)):
            filled = () if turn else (str(READERS), str(server.port))
            server.sender = run(str(turn * LATER), *filled)
            server.sender.communicate(timeout=120)
            assert server.sender.returncode == -signal.SIGKILL
        uncertain = ended(run(str(2 * LATER)))
    finally:
        server.stop()
    reached = Counter(address for row in server.recipients for address in row)
    assert reached == dict.fromkeys(WRITTEN_TO, 1)
    # The two of which no server knows whether they left are reported.
    assert uncertain.strip() == "2"
