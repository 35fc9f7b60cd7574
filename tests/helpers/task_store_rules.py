"""What every store of tasks has to do; run for each of them."""

from civisdata.content.tasks.queue import TaskQueue
from civisdata.content.tasks.schedule import MAX_ATTEMPTS
import threading


NOW = 1_790_000_000.0


class TaskStoreRules:
    """Subclasses have a fixture ``where``: the value of CIVIS_TASKS of an empty queue."""

    def queue(self, where) -> TaskQueue:
        return TaskQueue(where)

    def waiting(self, queue, task_id="a", name="mow", now=NOW, arguments="{}"):
        queue.store.prepare([(task_id, name, arguments)], now)
        queue.store.release([task_id])

    def test_a_task_waits_runs_and_is_done(self, where):
        queue = self.queue(where)
        store = queue.store
        self.waiting(queue, arguments='{"lawn": 3}')
        assert store.get("a").state == "waiting"
        row = store.claim("a", "w", NOW + 1)
        assert (row.state, row.attempts, row.values) == ("running", 1, {"lawn": 3})
        store.progress("a", "w", 3, 9)
        assert (store.get("a").done, store.get("a").total) == (3, 9)
        store.finish("a", "w", NOW + 2)
        row = store.get("a")
        assert (row.state, row.started, row.finished) == ("done", NOW + 1, NOW + 2)
        assert store.count() == {"waiting": 0, "running": 0, "done": 1, "failed": 0}

    def test_a_task_is_taken_once(self, where):
        queue = self.queue(where)
        self.waiting(queue)
        taken = []
        threads = [
            threading.Thread(
                target=lambda name: taken.append(queue.store.claim("a", name, NOW)),
                args=(f"w{number}",),
            )
            for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([row for row in taken if row is not None]) == 1

    def test_what_is_prepared_is_neither_run_nor_seen(self, where):
        queue = self.queue(where)
        queue.store.prepare([("a", "mow", "{}"), ("b", "mow", "{}")], NOW)
        assert queue.store.claim("a", "w", NOW) is None
        assert queue.store.page(0, 10) == []
        queue.store.discard(["a"])
        queue.store.release(["b"])
        queue.store.discard(["b"])
        assert queue.store.get("a") is None
        assert queue.store.get("b").state == "waiting"

    def test_what_nobody_released_is_shown_as_failed(self, where):
        queue = self.queue(where)
        queue.store.prepare([("a", "mow", "{}")], NOW)
        assert queue.store.give_up_prepared(NOW, NOW) == 0
        assert queue.store.give_up_prepared(NOW + 1, NOW + 1) == 1
        row = queue.store.get("a")
        assert (row.state, row.error) == ("failed", "CommitUnknown")

    def test_a_postponed_task_waits_for_its_time(self, where):
        queue = self.queue(where)
        self.waiting(queue)
        queue.store.claim("a", "w", NOW)
        queue.store.postpone("a", "w", "ConflictError", NOW + 8)
        assert queue.store.claim("a", "w", NOW + 7) is None
        assert queue.store.due(NOW + 7) == []
        assert queue.store.due(NOW + 8) == ["a"]
        assert queue.store.claim("a", "w", NOW + 8).attempts == 2

    def test_only_who_runs_a_task_ends_it(self, where):
        queue = self.queue(where)
        self.waiting(queue)
        queue.store.claim("a", "w", NOW)
        queue.store.finish("a", "x", NOW)
        queue.store.fail("a", "x", "KeyError", NOW)
        queue.store.progress("a", "x", 1, 1)
        assert (queue.store.get("a").state, queue.store.get("a").total) == (
            "running",
            0,
        )

    def test_two_of_a_name_run_alone(self, where):
        queue = self.queue(where)
        self.waiting(queue, "a")
        self.waiting(queue, "b")
        assert queue.store.claim("a", "w", NOW, alone=True) is not None
        assert queue.store.claim("b", "w", NOW, alone=True) is None
        queue.store.finish("a", "w", NOW)
        assert queue.store.claim("b", "w", NOW, alone=True) is not None

    def test_a_night_is_planned_once(self, where):
        queue = self.queue(where)
        assert queue.store.plan("mow-1", "mow", NOW)
        assert not queue.store.plan("mow-1", "mow", NOW)
        assert not queue.store.plan("mow-2", "mow", NOW), "the first one is open"
        queue.store.claim("mow-1", "w", NOW)
        queue.store.finish("mow-1", "w", NOW)
        assert not queue.store.plan("mow-1", "mow", NOW)
        assert queue.store.plan("mow-2", "mow", NOW)

    def test_a_dead_workers_tasks_are_run_again_but_not_for_ever(self, where):
        queue = self.queue(where)
        self.waiting(queue)
        self.waiting(queue, "b")
        for number in range(1, MAX_ATTEMPTS + 1):
            assert queue.store.claim("a", f"w{number}", NOW).attempts == number
            assert queue.store.workers() == {f"w{number}"}
            assert queue.store.recover(f"w{number}", NOW) == 1
        row = queue.store.get("a")
        assert (row.state, row.error) == ("failed", "ServerDied")
        queue.store.claim("b", "w", NOW)
        assert queue.store.recover("w", NOW, active={"b"}) == 0

    def test_a_task_given_back_has_lost_no_attempt(self, where):
        queue = self.queue(where)
        self.waiting(queue)
        queue.store.claim("a", "w", NOW)
        queue.store.give_back("a", "w")
        assert queue.store.claim("a", "w2", NOW).attempts == 1

    def test_a_failed_task_is_run_again_when_it_is_asked_for(self, where):
        queue = self.queue(where)
        self.waiting(queue)
        assert not queue.store.retry("a", NOW)
        queue.store.claim("a", "w", NOW)
        assert not queue.store.retry("a", NOW)
        queue.store.fail("a", "w", "KeyError", NOW)
        assert queue.store.retry("a", NOW + 5)
        row = queue.store.claim("a", "w", NOW + 5)
        assert (row.attempts, row.finished) == (1, None)

    def test_pages_begin_with_the_newest(self, where):
        queue = self.queue(where)
        for number in range(5):
            self.waiting(queue, f"t{number}", now=NOW + number)
        assert [row.id for row in queue.store.page(0, 2)] == ["t4", "t3"]
        assert [row.id for row in queue.store.page(4, 2)] == ["t0"]

    def test_what_ended_long_ago_is_forgotten(self, where):
        queue = self.queue(where)
        for task_id in "ab":
            self.waiting(queue, task_id)
            queue.store.claim(task_id, "w", NOW)
        queue.store.finish("a", "w", NOW)
        queue.store.fail("b", "w", "KeyError", NOW)
        assert queue.store.purge("done", NOW) == 0
        assert queue.store.purge("done", NOW + 1) == 1
        assert queue.store.get("b") is not None

    def test_messages_reach_whoever_works(self, where):
        sender, worker = self.queue(where), self.queue(where)
        seen = []
        worker.run = seen.append
        sender.send("a")
        sender.send("b", delay=3600)
        for _ in range(2):
            worker.huey.execute(worker.huey.dequeue())
        assert seen == ["a"]
        assert worker.huey.scheduled_count() == 1

    def test_a_living_worker_is_known_to_be_alive(self, where):
        queue = self.queue(where)
        queue.storage.begin_work("w")
        queue.storage.begin_work("w")
        assert queue.storage.is_alive("w")
        assert not queue.storage.is_alive("other")
        queue.storage.end_work()

    def test_servers_may_start_together(self, where):
        queues, errors = [], []

        def start():
            try:
                queues.append(TaskQueue(where))
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=start) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert len(queues) == 6
