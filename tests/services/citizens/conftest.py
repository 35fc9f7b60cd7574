"""A PostgreSQL cluster for the tests of this folder."""

from civisdata.policy.operations.postgresql import Cluster
from pathlib import Path
import pytest
import sys


sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "citizens"))


@pytest.fixture(scope="session")
def dsn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("postgresql")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    cluster = Cluster(folder / "cluster")
    yield cluster.start()
    cluster.stop()
