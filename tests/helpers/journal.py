"""Journals for tests: a bare space, its signed export, and the real command."""

from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.export import to_jsonl
from civisdata.content.citizens.keys import KeyBundle
from pathlib import Path
from persistent import Persistent
import subprocess
import sys


TOOL = Path(__file__).resolve().parents[2] / "tools" / "civisdata-verify-journal"


class BareSpace(Persistent):
    """What the journal needs of a space; active, with keys of its own."""

    _journal = None
    _devices = None
    login = "c-bare"

    def __init__(self, space_id: str = "abcdefghijklmnop") -> None:
        self.space_id = space_id
        self._account = None

    def getId(self) -> str:
        return self.space_id

    def activate(self) -> KeyBundle:
        bundle = KeyBundle.new()
        self._account = Account()
        self._account.public = bundle.public
        self._account.activated = 1.0
        return bundle


def filled(count: int = 12, every: int = 5) -> tuple[BareSpace, KeyBundle]:
    """Return a space with ``count`` entries, its chain signed after each ``every``."""
    space = BareSpace()
    bundle = space.activate()
    for number in range(1, count + 1):
        note(space, "document-read", item=f"{number:032x}", session="0badcafe")
        if number % every == 0:
            checkpoint(space, bundle)
    return space, bundle


def export(space, bundle) -> bytes:
    return to_jsonl(space, bundle, "https://civis.example")


def run_tool(*arguments, language: str = "en") -> subprocess.CompletedProcess:
    """Run the command alone: isolated from this project's packages and folders."""
    return subprocess.run(
        [sys.executable, "-I", "-S", TOOL, "--language", language, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )
