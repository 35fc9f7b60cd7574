"""A PostgreSQL cluster for the tests of this folder."""

from civisdata.policy.operations.postgresql import Cluster
import pytest


@pytest.fixture(scope="session")
def dsn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("postgresql")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    cluster = Cluster(folder / "cluster")
    yield cluster.start()
    cluster.stop()
