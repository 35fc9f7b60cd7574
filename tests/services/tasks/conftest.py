"""A PostgreSQL cluster for the tests of this folder."""

from helpers.clusters import running_cluster
import pytest


@pytest.fixture(scope="session")
def dsn():
    with running_cluster() as dsn:
        yield dsn
