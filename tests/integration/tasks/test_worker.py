"""A worker in this process, as the embedded server has one: its threads, start and end."""

from civisdata.content.tasks import enqueue
from civisdata.content.tasks.consumer import Worker
from civisdata.content.tasks.errors import QueueError
from civisdata.content.tasks.queue import TaskQueue
import os
import pytest
import threading
import transaction


@pytest.fixture
def worker(queue, place):
    worker = Worker(queue, place)
    yield worker
    worker.stop(30)


def test_a_worker_runs_what_was_enqueued_before_and_after_its_start(
    register, queue, worker, functional
):
    done = {name: threading.Event() for name in ("before", "after")}
    register("mow", lambda site, progress, *, when: done[when].set())
    enqueue("mow", when="before")
    transaction.commit()
    worker.start()
    assert done["before"].wait(60)
    enqueue("mow", when="after")
    transaction.commit()
    assert done["after"].wait(60)
    assert worker.stop(60)
    assert queue.store.count()["done"] == 2


def test_a_worker_that_stops_ends_the_running_step(register, queue, worker, functional):
    running, steps = threading.Event(), []

    def mow(site, progress):
        while True:
            steps.append(len(steps))
            transaction.commit()
            running.set()
            progress(len(steps), 0)

    register("mow", mow)
    task_id = enqueue("mow")
    transaction.commit()
    worker.start()
    assert running.wait(60)
    assert worker.stop(60)
    assert queue.store.get(task_id).state == "waiting"


def test_a_step_that_does_not_end_is_not_waited_for(register, queue, place, functional):
    running, leave = threading.Event(), threading.Event()

    def mow(site, progress):
        running.set()
        assert leave.wait(60)

    register("mow", mow)
    task_id = enqueue("mow")
    transaction.commit()
    worker = Worker(queue, place)
    worker.start()
    assert running.wait(60)
    assert not worker.stop(0.1)
    assert queue.store.get(task_id).state == "running"
    leave.set()
    assert worker.stop(60)


def test_a_second_worker_keeps_away_from_the_same_file(queue, worker, place):
    with pytest.raises(QueueError):
        Worker(TaskQueue(os.environ["CIVIS_TASKS"]), place)


def test_the_next_worker_takes_over_from_a_dead_one(register, queue, place, functional):
    done = threading.Event()
    register("mow", lambda site, progress: done.set())
    task_id = enqueue("mow")
    transaction.commit()
    row = queue.store.get(task_id)
    queue.store.claim(task_id, "dead", row.due)
    queue.huey.dequeue()
    worker = Worker(queue, place)
    worker.start()
    assert done.wait(60)
    assert worker.stop(60)
    assert queue.store.get(task_id).attempts == 2
