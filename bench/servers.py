"""Servers to measure: this portal, and a bare Plone Classic site as the baseline.

Both run as processes of their own, with the same Python, threads and storage, on free
ports of 127.0.0.1 and in temporary folders that are removed afterwards.
"""

from civisdata.policy.operations.ports import free_port
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request


ROOT = Path(__file__).resolve().parent.parent

BARE_ZOPE_CONF = """\
instancehome {instance}
clienthome {var}
<zodb_db main>
    cache-size 30000
    mount-point /
    <filestorage>
        path {var}/Data.fs
        blob-dir {var}/blobs
    </filestorage>
</zodb_db>
"""

BARE_WSGI_INI = """\
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
threads = 4
max_request_body_size = 1073741824

[app:zope]
use = egg:Zope#main
zope_conf = {var}/zope.conf

[pipeline:main]
pipeline =
    egg:Zope#httpexceptions
    zope
"""

BARE_CREATE = """\
import sys, transaction, Zope2
# Before the configuration: afterwards it would put a storage of its own in its place.
from Testing.makerequest import makerequest
from Zope2.Startup.run import configure_wsgi
configure_wsgi(sys.argv[1])
from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.users import system
from plone.distribution.api import site
app = makerequest(Zope2.app())
from zope.globalrequest import setRequest
setRequest(app.REQUEST)
newSecurityManager(None, system)
app.acl_users._doAddUser("admin", sys.argv[2], ["Manager"], [])
transaction.commit()
site.create(app, "classic", dict(site_id="Plone", title="Site", setup_content=True,
    default_language="en", portal_timezone="UTC"))
transaction.commit()
if sys.argv[3:]:
    from zope.component.hooks import setSite
    setSite(app["Plone"])
    exec(compile(open(sys.argv[3]).read(), sys.argv[3], "exec"), {"site": app["Plone"], "__file__": sys.argv[3]})
    transaction.commit()
app._p_jar.close()
"""


@dataclass
class Server:
    """A running server: its address, its Zope process and its Manager."""

    url: str
    pid: int
    var: Path
    admin: tuple[str, str]
    citizen: tuple[str, str] | None = None
    #: Log-in and password of the citizens that ``vaults`` asked for.
    citizens: tuple[tuple[str, str], ...] = ()

    def memory(self) -> int:
        """Return the resident memory of the Zope process in bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


class PeakMemory:
    """Samples a server's memory every 5 ms; ``over`` is the peak above the start."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def _sample(self) -> None:
        while not self._end.wait(0.005):
            self.peak = max(self.peak, self.server.memory())

    def __enter__(self) -> "PeakMemory":
        self.idle = self.peak = self.server.memory()
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._end.set()
        self._thread.join()

    @property
    def over(self) -> int:
        return self.peak - self.idle


def wait_for(url: str, process: subprocess.Popen, seconds: float = 180) -> float:
    """Wait until ``url`` answers; return the seconds it took."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if process.poll() is not None:
            raise RuntimeError(f"the server of {url} ended")
        try:
            urllib.request.urlopen(url, timeout=60).read()
            return time.monotonic() - started
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")


def end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def start_civisdata(var: Path, port: int, **environ: str) -> subprocess.Popen:
    """Start the launcher as `make run` does."""
    return subprocess.Popen(
        [sys.executable, "-m", "civisdata.policy.operations.serve"],
        env={**os.environ, "VAR": str(var), "PORT": str(port), **environ},
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )


def make_citizen(var: Path, *fill: str) -> tuple[str, str]:
    """Make an active citizen in the data of a stopped server; login and password.

    ``fill``: count and megabytes of documents that are stored in the vault.
    """
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "make_citizen.py"), *fill],
        env={**os.environ, "VAR": str(var)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"no citizen: {done.stderr[-600:]}")
    login, password = done.stdout.split()
    return login, password


def run_script(var: Path, script: str, *arguments: str) -> None:
    """Run a script of this folder on the data of a stopped server."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / script), *arguments],
        env={**os.environ, "VAR": str(var)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stderr[-600:]}")


@contextmanager
def civisdata(
    citizen: bool = False,
    fill: tuple[int, int] | None = None,
    vaults: tuple[int, ...] = (),
    prepare: tuple[str, ...] = (),
    **environ: str,
) -> Iterator[Server]:
    """Run the portal with fresh data, and an active citizen where asked.

    ``fill``: documents in the citizen's vault, count and megabytes of each. ``vaults``:
    one more citizen for each number, with so many small documents. ``prepare``: a script
    of this folder and its arguments, run before the server is started again. ``environ``
    goes to the launcher.
    """
    var = Path(tempfile.mkdtemp(prefix="civis-bench-"))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = start_civisdata(var, port, **environ)
    try:
        wait_for(f"{url}/", process)
        made, more = None, []
        if citizen or vaults or prepare:
            end(process)
            if prepare:
                run_script(var, *prepare)
            if citizen:
                made = make_citizen(var, *map(str, fill or ()))
            more = [make_citizen(var, str(count), "0") for count in vaults]
            process = start_civisdata(var, port, **environ)
            wait_for(f"{url}/", process)
        pid = int((var / "zope.pid").read_text())
        rows = (var / "first-logins.txt").read_text().splitlines()
        _, login, password = next(
            row.split(" ", 2) for row in rows if row.startswith("Manager ")
        )
        yield Server(url, pid, var, (login, password), made, tuple(more))
    finally:
        end(process)
        shutil.rmtree(var, ignore_errors=True)


@contextmanager
def bare_classic(setup: Path | None = None) -> Iterator[Server]:
    """Run a bare Plone Classic site with fresh data: the baseline.

    ``setup`` is a script that fills it before the server starts: it finds ``site``.
    """
    var = Path(tempfile.mkdtemp(prefix="bare-bench-"))
    port = free_port()
    (var / "etc").mkdir()
    shutil.copy(ROOT / "instance" / "etc" / "site.zcml", var / "etc")
    conf, ini = var / "zope.conf", var / "wsgi.ini"
    conf.write_text(BARE_ZOPE_CONF.format(instance=var, var=var))
    ini.write_text(BARE_WSGI_INI.format(var=var, port=port))
    password = os.urandom(12).hex()
    environ = {**os.environ, "zope_i18n_compile_mo_files": "true"}
    done = subprocess.run(
        [sys.executable, "-c", BARE_CREATE, str(conf), password]
        + ([str(setup)] if setup else []),
        env=environ,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"no bare site: {done.stderr[-600:]}")
    log = var / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "Zope2.Startup.serve", "-q", str(ini)],
            env=environ,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}/Plone"
    try:
        wait_for(url, process)
        yield Server(url, process.pid, var, ("admin", password))
    except BaseException as error:
        error.add_note(f"the bare site said: {log.read_text(errors='replace')[-3000:]}")
        raise
    finally:
        end(process)
        shutil.rmtree(var, ignore_errors=True)
