"""Fixtures for all tests: the layers as pytest fixtures."""

from civisdata.policy.testing import FUNCTIONAL_TESTING
from civisdata.policy.testing import INTEGRATION_TESTING
from pathlib import Path
from pytest_plone import fixtures_factory
from xdist.scheduler import LoadFileScheduling
import os
import pytest


pytest_plugins = ["pytest_plone"]

#: The levels, those whose files take longest first.
LEVELS = ("services", "browser", "api", "integration", "unit")

_fixtures = fixtures_factory(
    (
        (INTEGRATION_TESTING, "integration"),
        (FUNCTIONAL_TESTING, "functional"),
    )
)
# Kept for the session only where a test needs them (see _keep_layers): setting a layer up
# takes longer than all unit tests.
globals().update(
    {name: value for name, value in _fixtures.items() if not name.startswith("_keep")}
)


@pytest.fixture(scope="module", autouse=True)
def _keep_layers(request):
    """Keep each layer that this module's tests use until all tests have run."""
    items = [item for item in request.session.items if item.path == request.path]
    for name in ("integration", "functional"):
        if any(name in item.fixturenames for item in items):
            request.getfixturevalue(f"{name}_session")


def pytest_collection_modifyitems(config, items) -> None:
    """Mark each test with its level and its domain: tests/<level>/<domain>/…

    Workers (``-n 2``) begin with the levels whose files take longest, so that they end
    at the same time.
    """
    root = Path(__file__).parent
    for item in items:
        for part in Path(item.fspath).relative_to(root).parts[:-1]:
            item.add_marker(part)
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: LEVELS.index(item.path.relative_to(root).parts[0]))


class _Scheduling(LoadFileScheduling):
    """Files are shared; those of the level « integration » stay together.

    They are quick once the layers are there, which no second process need set up then.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "integration" if file.startswith("tests/integration/") else file


def pytest_xdist_make_scheduler(config, log) -> LoadFileScheduling:
    return _Scheduling(config, log)


def pytest_make_parametrize_id(val, argname) -> str | None:
    """Name a long or random value by its length: names are shown, and told to workers."""
    if isinstance(val, str | bytes) and len(val) > 60:
        return f"{argname} of {len(val)}"
    return None


@pytest.fixture(scope="session", autouse=True)
def _no_accidental_environment(tmp_path_factory):
    """Variables of a running server must not reach the tests; they have their own."""
    for name in [name for name in os.environ if name.startswith("CIVIS_")]:
        del os.environ[name]
    folder = tmp_path_factory.mktemp("civis")
    os.environ["CIVIS_PEPPER_FILE"] = str(folder / "pepper")
    os.environ["CIVIS_SIGNING_KEY_FILE"] = str(folder / "signing-key")
    os.environ["CIVIS_PUBLISHER_KEY_FILE"] = str(folder / "publisher-key")
    os.environ["CIVIS_ERASED_FILE"] = str(folder / "erased" / "spaces")
    os.environ["CIVIS_SESSIONS"] = str(folder / "sessions")
    os.environ["CIVIS_TASKS"] = str(folder / "tasks" / "queue.sqlite")


@pytest.fixture(scope="session", autouse=True)
def _a_busy_machine_changes_nothing():
    """Documents have more time than a server gives: tests of a limit set their own."""
    from civisdata.content.vault import render
    from civisdata.content.vault.search import texts

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "TIMEOUT", 120.0)
        patch.setattr(texts, "AT_ONCE", 60.0)
        yield


@pytest.fixture(autouse=True)
def _nothing_goes_on_in_the_background():
    """What a test set going ends before the next one."""
    from civisdata.content.citizens import background

    yield
    background.wait()


@pytest.fixture
def smtp_server():
    """A real mail server; ``smtp_server.configure(portal)`` makes the portal use it."""
    from helpers.smtp import running_smtp_server

    with running_smtp_server() as server:
        yield server
