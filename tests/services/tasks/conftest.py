"""A PostgreSQL cluster for the tests of this folder."""

from civisdata.policy.operations.postgresql import Cluster
from pathlib import Path
import pytest
import shutil
import tempfile


@pytest.fixture(scope="session")
def dsn():
    # PostgreSQL's system user has to get there, which pytest's folders don't allow.
    folder = Path(tempfile.mkdtemp(prefix="civis-test-"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "cluster")
    yield cluster.start()
    cluster.stop()
    shutil.rmtree(folder)
