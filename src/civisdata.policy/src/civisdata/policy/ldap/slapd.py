"""A private slapd (OpenLDAP): made, started and stopped by whoever uses it.

The demo and the tests run Debian's own server with it, on 127.0.0.1, as any user.
"""

from civisdata.policy.operations.checks import CheckFailed
from civisdata.policy.operations.ports import free_port
from collections.abc import Sequence
from pathlib import Path
import base64
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time


#: Suffix of the tree of a private directory.
SUFFIX = "dc=civisdata,dc=invalid"

_MODULES = Path("/usr/lib/ldap")
_SCHEMAS = Path("/etc/ldap/schema")

_CONFIG = """\
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/nis.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
idletimeout 60
{extra}
database mdb
maxsize 67108864
suffix "{suffix}"
directory "{folder}/data"
index objectClass,uid,cn,member eq
{database}
access to attrs=userPassword
    by anonymous auth
    by * none
access to dn.subtree="{suffix}"
    by dn.exact="{portal_dn}" read
    by * none
"""


class SlapdError(CheckFailed):
    """The directory cannot be made or started; the message is one clear line."""


def program(name: str) -> str:
    """Return the path of one of slapd's programs; raise ``SlapdError`` without it."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise SlapdError(
            f"« {name} » is missing: apt-get install slapd "
            "(LDAP=demo starts a private staff directory with it)."
        )
    return found


def hashed(password: str) -> str:
    """Return ``password`` as slapd stores it ({SSHA}: salted, for generated ones)."""
    salt = os.urandom(16)
    digest = hashlib.sha1(password.encode() + salt, usedforsecurity=False).digest()
    return "{SSHA}" + base64.b64encode(digest + salt).decode()


def ldif_entry(dn: str, **attributes: str | Sequence[str]) -> str:
    """Return one entry in LDIF; each value goes base64, so none can break the form."""
    lines = [f"dn:: {base64.b64encode(dn.encode()).decode()}"]
    for name, values in attributes.items():
        for value in (values,) if isinstance(values, str) else values:
            lines.append(f"{name}:: {base64.b64encode(value.encode()).decode()}")
    return "\n".join(lines) + "\n"


class Slapd:
    """One slapd with its data in ``folder``, listening on 127.0.0.1.

    ``extra`` and ``database`` are further lines of the global part and of the database
    in slapd.conf; with ``ldaps`` it listens to ``ldaps://`` beside ``ldap://``.
    """

    portal_dn = f"cn=portail,{SUFFIX}"
    users_dn = f"ou=personnel,{SUFFIX}"
    groups_dn = f"ou=groupes,{SUFFIX}"

    def __init__(
        self, folder: Path, extra: str = "", database: str = "", ldaps: bool = False
    ) -> None:
        self.folder = Path(folder).resolve()
        self.extra = extra
        self.database = database
        self.ldaps = ldaps
        self.port = 0
        self.tls_port = 0
        self._process: subprocess.Popen | None = None

    @property
    def uri(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the running server; raise ``SlapdError`` when it is stopped."""
        if self._process is None:
            raise SlapdError("slapd is not running.")
        return self._process.pid

    @property
    def made(self) -> bool:
        return (self.folder / "data" / "data.mdb").exists()

    def _write_config(self) -> Path:
        for path in (self.folder, self.folder / "data"):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = self.folder / "slapd.conf"
        config.touch(mode=0o600)
        config.write_text(
            _CONFIG.format(
                schemas=_SCHEMAS,
                modules=_MODULES,
                folder=self.folder,
                suffix=SUFFIX,
                portal_dn=self.portal_dn,
                extra=self.extra,
                database=self.database,
            )
        )
        return config

    def create(self, ldif: str) -> None:
        """Load ``ldif`` into a new, empty directory; raise ``SlapdError``."""
        config = self._write_config()
        done = subprocess.run(
            [program("slapadd"), "-q", "-f", str(config)],
            input=ldif,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise SlapdError(f"slapadd failed: {last}")

    def start(self, timeout: float = 20.0) -> None:
        """Start the server on a free port (the same one after a stop).

        Raises ``SlapdError`` when it does not listen within ``timeout`` seconds.
        """
        executable = program("slapd")
        config = self._write_config()
        self.port = self.port or free_port()
        listeners = [f"{self.uri}/"]
        if self.ldaps:
            self.tls_port = self.tls_port or free_port()
            listeners.append(f"ldaps://127.0.0.1:{self.tls_port}/")
        with (self.folder / "slapd.log").open("ab") as log:
            # Any -d keeps it in the foreground, so that we own the process.
            self._process = subprocess.Popen(
                [executable, "-h", " ".join(listeners), "-f", str(config), "-d", "0"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise SlapdError(
                        f"slapd did not start: see {self.folder}/slapd.log."
                    ) from None
                time.sleep(0.02)

    def suspend(self) -> None:
        """Freeze the server: it keeps its port and answers nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen server go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Stop the server and wait for it; nothing happens when it is stopped."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
