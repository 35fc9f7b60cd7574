"""A server with the door in front, staff at the browser, and a queue of its own."""

from civisdata.content.tasks.queue import get_queue
from helpers.people import staff
from helpers.tasks import Registered
from helpers.vault import server  # noqa: F401
import pytest
import requests
import transaction


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    queue = get_queue()
    yield queue
    queue.close()


@pytest.fixture
def register():
    registered = Registered()
    yield registered
    registered.close()


@pytest.fixture
def webmaster(functional, queue):
    http = requests.Session()
    http.auth = ("webmaster", staff("webmaster", roles=("Staff", "CUB Webmaster")))
    http.headers["Accept-Language"] = "fr"
    transaction.commit()
    return http
