"""The table of tasks in a SQLite file."""

from civisdata.content.tasks.errors import QueueError
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.queue import TaskQueue
from helpers.task_store_rules import TaskStoreRules
import pytest
import stat


class TestSqliteStore(TaskStoreRules):
    @pytest.fixture
    def where(self, tmp_path):
        return str(tmp_path / "tasks" / "queue.sqlite")

    def test_nobody_else_can_read_the_file(self, where, tmp_path):
        queue = self.queue(where)
        self.waiting(queue)
        folder = tmp_path / "tasks"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()
        }
        assert "queue.sqlite" in modes
        assert set(modes.values()) == {0o600}

    def test_one_server_works_on_a_file(self, where):
        first, second = self.queue(where), self.queue(where)
        first.storage.begin_work("w1")
        with pytest.raises(QueueError, match="another server"):
            second.storage.begin_work("w2")
        first.storage.end_work()
        second.storage.begin_work("w2")
        second.storage.end_work()


def test_a_queue_has_to_be_named(monkeypatch):
    monkeypatch.delenv("CIVIS_TASKS")
    with pytest.raises(QueueError, match="CIVIS_TASKS"):
        get_queue()


def test_a_process_opens_a_queue_once(queue):
    assert get_queue() is queue


def test_a_queue_that_was_closed_opens_again(tmp_path):
    queue = TaskQueue(str(tmp_path / "queue.sqlite"))
    queue.close()
    assert queue.store.count()["waiting"] == 0
