"""The portal behind its door on a real port, and a queue of its own."""

from civisdata.content.tasks.queue import get_queue
from helpers.vault import server  # noqa: F401
import pytest


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    queue = get_queue()
    yield queue
    queue.close()
