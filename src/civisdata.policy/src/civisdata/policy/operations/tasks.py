"""Where tasks run: in threads of the server on a FileStorage, else in worker.py.

The launcher says which by ``CIVIS_WORKER`` in the environment of the server; neither the
debug prompt nor the creation of the portal runs any.
"""

from civisdata.content.tasks.consumer import Worker
from civisdata.content.tasks.errors import QueueError
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.surroundings import Place
from civisdata.policy.operations.settings import SITE_ID
from zope.processlifetime import IDatabaseOpenedWithRoot
import logging
import os
import signal


logger = logging.getLogger("civisdata.operations")

#: Seconds that a running step is given to end; the launcher waits 20 for the process.
GRACE = 10


def new_worker(database) -> Worker:
    """Make a worker on the portal of ``database``; QueueError."""
    place = Place(database, SITE_ID, os.environ["CIVIS_URL"])
    return Worker(get_queue(), place)


def start_beside_the_server(event: IDatabaseOpenedWithRoot) -> None:
    """Run tasks in threads of this process, if the launcher wants it so."""
    if os.environ.get("CIVIS_WORKER") != "thread":
        return
    try:
        worker = new_worker(event.database)
    except QueueError as error:
        logger.error("no tasks are run here: %s", error)
        return
    stop_at_signal(worker)
    worker.start()


def stop_at_signal(worker: Worker) -> None:
    """At SIGTERM, let the steps of tasks end before the process and its database do."""

    def stop(signum: int, frame) -> None:
        signal.signal(signum, signal.SIG_IGN)
        worker.stop(GRACE)
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
