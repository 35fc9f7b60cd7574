"""A queue of its own, and a runner on the layer's database."""

from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.surroundings import Place
from helpers.tasks import in_a_thread
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


@pytest.fixture
def place(functional):
    portal = functional["portal"]
    return Place(portal._p_jar.db(), portal.getId(), "https://civis.example.org")


@pytest.fixture
def run(queue, place):
    """Run a task as a worker does; ``stopping`` and ``clock`` as of ``Runner``."""

    def run_task(task_id: str, **options) -> None:
        runner = Runner(queue, place, "w", **options)
        in_a_thread(lambda: runner(task_id))

    return run_task
