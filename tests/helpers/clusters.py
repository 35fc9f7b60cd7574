"""PostgreSQL for tests, in folders that its system user reaches: pytest's own don't."""

from civisdata.policy.operations.postgresql import Cluster
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import shutil
import tempfile


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a folder of this test alone that every user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="civis-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_cluster() -> Iterator[str]:
    """Yield the connection string of a cluster, which is stopped at the end."""
    with open_folder() as folder:
        cluster = Cluster(folder / "cluster")
        try:
            yield cluster.start()
        finally:
            cluster.stop()
