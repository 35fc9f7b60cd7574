"""Tasks in a whole portal: beside the server or in a worker, killed and started again."""

from bs4 import BeautifulSoup
from civisdata.content.tasks.queue import TaskQueue
from civisdata.content.tasks.store import Row
from helpers.clusters import open_folder
from helpers.portal import command_line
from helpers.portal import descendants
from helpers.portal import Portal
from helpers.portal import without_the_tests_queue
from helpers.tasks import wait_for
from pathlib import Path
import os
import pytest
import requests
import signal
import subprocess
import sys
import time


# Whole portals, started up to four times.
pytestmark = pytest.mark.timeout(900)

FILL = Path(__file__).parents[2] / "helpers" / "fill_vault.py"


@pytest.fixture
def var():
    with open_folder() as folder:
        yield folder


@pytest.fixture
def start(var):
    """Start portals on the same data; whatever still runs is stopped in the end."""
    portals: list[Portal] = []

    def start_portal(**environ: str) -> Portal:
        portals.append(Portal(var, **environ).start())
        return portals[-1]

    yield start_portal
    for portal in portals:
        if portal.is_running:
            portal.stop()


def environment(pid: int) -> dict[str, str]:
    rows = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(os.fsdecode(row).split("=", 1) for row in rows if row)


def workers(portal: Portal) -> list[int]:
    """Ids of the processes that only run tasks."""
    return [
        pid
        for pid in descendants(portal.pid)
        if b"operations.worker" in command_line(pid)
    ]


def run_again(portal: Portal, task_id: str) -> None:
    """Press the button beside a failed task."""
    manager = portal.login("Manager")
    http = requests.Session()
    http.auth = (manager.login, manager.password)
    page = BeautifulSoup(http.get(f"{portal.url}/@@taches").text, "html.parser")
    button = page.select_one(f"button[value='{task_id}']")
    form = button.find_parent("form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    answer = http.post(form["action"], {**fields, "retry": task_id})
    assert answer.status_code == 200


def add_failed(queue: TaskQueue, task_id: str) -> None:
    now = time.time()
    queue.store.prepare([(task_id, "purge-uploads", "{}")], now)
    queue.store.release([task_id])
    queue.store.claim(task_id, "gone", now)
    queue.store.fail(task_id, "gone", "ValueError", now)


def test_a_worker_process_runs_what_the_page_asks_for(var, start):
    portal = start(DB="postgresql")
    first = wait_for(lambda: workers(portal))
    started = descendants(portal.pid)
    server = environment(int((var / "zope.pid").read_text()))
    assert server["CIVIS_WORKER"] == ""
    assert server["CIVIS_TASKS"] == server["CIVIS_DSN"]
    queue = TaskQueue(server["CIVIS_TASKS"])
    add_failed(queue, "one")
    run_again(portal, "one")
    assert wait_for(lambda: done(queue, "one")).attempts == 1
    assert "purge-uploads (one) is done" in (var / "log/worker.log").read_text()
    assert "(one)" not in (var / "log/event.log").read_text()
    # A worker that is killed is replaced.
    os.kill(first[0], signal.SIGKILL)
    second = wait_for(lambda: [pid for pid in workers(portal) if pid not in first])
    add_failed(queue, "two")
    run_again(portal, "two")
    wait_for(lambda: done(queue, "two"))
    queue.close()
    portal.stop()
    left = [pid for pid in {*started, *second} if Path(f"/proc/{pid}").exists()]
    assert left == []
    assert not (var / "tasks" / "queue.sqlite").exists()


def done(queue: TaskQueue, task_id: str) -> Row | None:
    row = queue.store.get(task_id)
    return row if row is not None and row.state == "done" else None


def fill(var: Path) -> Path:
    """Store a document in a stopped portal; return the file of its bytes."""
    done = subprocess.run(
        [sys.executable, str(FILL)],
        env={**without_the_tests_queue(), "VAR": str(var)},
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


def test_a_task_that_was_cut_off_is_run_again_at_the_next_start(var, start):
    """The file of the document is a pipe: who examines it is held up in the middle."""
    start().stop()
    stored = fill(var)
    data = stored.read_bytes()
    stored.unlink()
    os.mkfifo(stored)
    queue = TaskQueue(str(var / "tasks" / "queue.sqlite"))
    queue.store.plan("night", "scrub-vaults", time.time())

    def running(attempt: int) -> bool:
        row = queue.store.get("night")
        return (row.state, row.attempts) == ("running", attempt)

    # Ended by a signal: the step that hangs isn't waited for.
    portal = start()
    wait_for(lambda: running(1))
    assert portal.status("/") == 200
    started = descendants(portal.pid)
    portal.stop()
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    assert running(1)
    # Killed: nobody could write anything down.
    portal = start()
    wait_for(lambda: running(2))
    os.kill(int((var / "zope.pid").read_text()), signal.SIGKILL)
    portal.stop()
    assert running(2)
    stored.unlink()
    stored.write_bytes(data)
    portal = start()
    assert wait_for(lambda: done(queue, "night")).attempts == 3
    manager = portal.login("Manager")
    page = requests.get(
        f"{portal.url}/@@controle-documents",
        auth=(manager.login, manager.password),
        headers={"Accept-Language": "fr"},
    ).text
    text = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
    assert "Documents contrôlés 1 " in text
    assert "Anomalies 0" in text
    queue.close()
