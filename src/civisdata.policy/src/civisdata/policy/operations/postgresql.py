"""A private PostgreSQL cluster: made, started and stopped by whoever uses it."""

from civisdata.policy.operations.ports import free_port
from contextlib import suppress
from pathlib import Path
import os
import pwd
import secrets
import shutil
import subprocess
import time


class PostgresqlError(Exception):
    """The cluster cannot be made or started; the message is one clear line."""


def binaries() -> Path:
    """Return the folder of the newest installed PostgreSQL server's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    program = shutil.which("initdb")
    if program:
        return Path(program).parent
    raise PostgresqlError(
        "PostgreSQL's server is missing: apt-get install postgresql "
        "(DB=postgresql starts a private cluster of it)."
    )


class Cluster:
    """A PostgreSQL cluster in ``folder``, listening on 127.0.0.1 only.

    PostgreSQL refuses to run as root; then the system user ``postgres`` runs it.
    """

    def __init__(self, folder: Path, database: str = "civisdata") -> None:
        self.folder = folder
        self.database = database
        self.port = 0
        self._process: subprocess.Popen | None = None

    @property
    def dsn(self) -> str:
        password = (self.folder / "password").read_text().strip()
        return (
            f"host=127.0.0.1 port={self.port} dbname={self.database} "
            f"user=civisdata password={password}"
        )

    def _identity(self) -> dict:
        if os.getuid() != 0:
            return {}
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            raise PostgresqlError(
                "The system user « postgres » is missing: apt-get install postgresql."
            ) from None
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str, **kwargs) -> None:
        done = subprocess.run(
            [str(binaries() / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            **self._identity(),
            **kwargs,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise PostgresqlError(f"{program} failed: {last}")

    def create(self) -> None:
        """Make the cluster (checksums on, SCRAM) if it does not exist."""
        data = self.folder / "data"
        if (data / "PG_VERSION").exists():
            return
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        password = secrets.token_urlsafe(24)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        identity = self._identity()
        if identity:
            os.chown(self.folder, identity["user"], identity["group"])
            os.chown(password_file, identity["user"], identity["group"])
        self._run(
            "initdb",
            f"--pgdata={data}",
            "--username=civisdata",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
        )

    def start(self, timeout: float = 30.0) -> str:
        """Start the server on a free port; return its connection string.

        Raises ``PostgresqlError`` when it does not answer within ``timeout`` seconds.
        """
        import psycopg2

        self.create()
        self.port = free_port()
        log = (self.folder / "postgresql.log").open("ab")
        self._process = subprocess.Popen(
            [
                str(binaries() / "postgres"),
                "-D",
                str(self.folder / "data"),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                f"port={self.port}",
                "-c",
                "unix_socket_directories=",
            ],
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            **self._identity(),
        )
        log.close()
        deadline = time.monotonic() + timeout
        while True:
            with suppress(psycopg2.OperationalError):
                connection = psycopg2.connect(
                    self.dsn.replace(f"dbname={self.database}", "dbname=postgres")
                )
                break
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PostgresqlError(
                    f"PostgreSQL did not start: see {self.folder}/postgresql.log."
                )
            time.sleep(0.1)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (self.database,)
            )
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{self.database}"')
        connection.close()
        return self.dsn

    def stop(self) -> None:
        """Stop the server (a fast shutdown) and wait for it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            # SIGINT is PostgreSQL's « fast » shutdown: sessions are ended, data is
            # written.
            self._process.send_signal(2)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
