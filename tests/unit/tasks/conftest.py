"""A queue in a file of its own, and tasks registered for a while."""

from civisdata.content.tasks.queue import get_queue
from helpers.tasks import Registered
import pytest


@pytest.fixture
def register():
    registered = Registered()
    yield registered
    registered.close()


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    queue = get_queue()
    yield queue
    queue.close()
