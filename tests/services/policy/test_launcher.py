"""The launcher as a new user meets it: start, start again, end, and what can go wrong."""

from helpers.portal import descendants
from helpers.portal import Portal
from pathlib import Path
import os
import pytest
import signal
import socket
import stat
import subprocess
import sys


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("launcher") / "var"


@pytest.fixture(scope="module")
def first_start(data):
    portal = Portal(data).start()
    yield portal
    portal.stop()


def test_the_root_is_the_portals_home_page(first_start):
    assert first_start.status("/") == 200
    assert first_start.status("/communes/bordeaux") == 200
    assert first_start.status("/Plone") == 404


def test_log_ins_are_generated_printed_once_and_kept_private(first_start):
    path = first_start.var / "first-logins.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    manager = first_start.login("Manager")
    assert len(manager.password) >= 20
    assert manager.password in first_start.output


def test_the_instances_temporary_folder_is_on_tmpfs(first_start):
    from civisdata.policy.operations.folders import is_tmpfs

    zope = int((first_start.var / "zope.pid").read_text())
    environ = Path(f"/proc/{zope}/environ").read_bytes().split(b"\0")
    folder = next(
        row.partition(b"=")[2] for row in environ if row.startswith(b"TMPDIR=")
    )
    assert is_tmpfs(Path(os.fsdecode(folder)))


def test_a_second_server_keeps_away_from_the_same_data(first_start):
    with pytest.raises(RuntimeError, match="already uses"):
        Portal(first_start.var).start()


def test_a_taken_port_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run_launcher(tmp_path, PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "is taken" in done.stderr


def run_launcher(var: Path, **environ: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "civisdata.policy.operations.serve"],
        env={**os.environ, "VAR": str(var), **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_unusable_setting_is_one_clear_line(tmp_path):
    done = run_launcher(tmp_path, PORT="eighty")
    assert done.returncode == 1
    assert done.stderr.startswith("make run: PORT=eighty")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_and_a_second_start_keeps_all(
    first_start, data, signum
):
    if first_start._process.poll() is None:
        first_start.stop()
    portal = Portal(data).start()
    started = descendants(portal.pid)
    assert started
    assert "Log-ins, generated" not in portal.output
    assert portal.login("Manager").password == first_start.login("Manager").password
    assert portal.status("/communes/bordeaux") == 200
    portal.stop(signum)
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
