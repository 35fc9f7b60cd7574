"""A process that only runs tasks: ``python -m civisdata.policy.operations.worker``.

The launcher starts one where several processes may use the database (RelStorage).
"""

from civisdata.content.tasks.errors import QueueError
from civisdata.policy.operations.tasks import new_worker
from civisdata.policy.operations.tasks import stop_at_signal
from pathlib import Path
import logging
import os
import signal
import sys


def main() -> int:
    os.umask(0o077)
    logging.basicConfig(
        filename=Path(os.environ["CIVIS_VAR"]) / "log" / "worker.log",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s [%(name)s:%(lineno)s] %(message)s",
    )
    from Zope2.Startup.run import configure_wsgi
    import Zope2

    configure_wsgi(str(Path(os.environ["CIVIS_INSTANCE"]) / "etc" / "zope.conf"))
    Zope2.app()._p_jar.close()
    try:
        worker = new_worker(Zope2.DB)
    except QueueError as error:
        print(f"worker: {error}", file=sys.stderr)
        return 1
    # Nobody watches this process from a terminal: Ctrl-C is the launcher's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_at_signal(worker)
    worker.start()
    try:
        while True:
            signal.pause()
    finally:
        Zope2.DB.close()


if __name__ == "__main__":
    sys.exit(main())
