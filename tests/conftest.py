"""Fixtures for all tests: the layers as pytest fixtures."""

from civisdata.policy.testing import FUNCTIONAL_TESTING
from civisdata.policy.testing import INTEGRATION_TESTING
from pathlib import Path
from pytest_plone import fixtures_factory
import os
import pytest


pytest_plugins = ["pytest_plone"]

globals().update(
    fixtures_factory(
        (
            (INTEGRATION_TESTING, "integration"),
            (FUNCTIONAL_TESTING, "functional"),
        )
    )
)


def pytest_collection_modifyitems(items) -> None:
    """Mark each test with its level and its domain: tests/<level>/<domain>/…"""
    root = Path(__file__).parent
    for item in items:
        for part in Path(item.fspath).relative_to(root).parts[:-1]:
            item.add_marker(part)


@pytest.fixture(scope="session", autouse=True)
def _no_accidental_environment(tmp_path_factory):
    """Variables of a running server must not reach the tests; they have their own."""
    for name in [name for name in os.environ if name.startswith("CIVIS_")]:
        del os.environ[name]
    folder = tmp_path_factory.mktemp("civis")
    os.environ["CIVIS_PEPPER_FILE"] = str(folder / "pepper")
    os.environ["CIVIS_SESSIONS"] = str(folder / "sessions")


@pytest.fixture
def smtp_server():
    """A real mail server; ``smtp_server.configure(portal)`` makes the portal use it."""
    from helpers.smtp import running_smtp_server

    with running_smtp_server() as server:
        yield server
