"""The same site on RelStorage and PostgreSQL, in a private cluster."""

from civisdata.policy.operations.postgresql import Cluster
from helpers.clusters import open_folder
from helpers.portal import descendants
from helpers.portal import Portal
from pathlib import Path
import psycopg2
import pytest


@pytest.fixture
def var():
    with open_folder() as folder:
        yield folder


def test_the_portal_runs_on_a_private_cluster_and_ends_it(var):
    portal = Portal(var, DB="postgresql").start()
    try:
        assert portal.status("/communes/bordeaux") == 200
        started = descendants(portal.pid)
        assert not (var / "filestorage" / "Data.fs").exists()
    finally:
        portal.stop()
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    cluster = Cluster(var / "postgresql")
    try:
        with psycopg2.connect(cluster.start()) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT count(*) FROM object_state")
            assert cursor.fetchone()[0] > 1000
            # history-free: no table of transactions' records is kept
            cursor.execute("SELECT to_regclass('object_state_history')")
            assert cursor.fetchone()[0] is None
            cursor.execute("SHOW data_checksums")
            assert cursor.fetchone()[0] == "on"
        connection.close()
    finally:
        cluster.stop()
