"""The launcher behind ``make run``: starts what a portal needs, and ends it again."""

from civisdata.policy.operations import checks
from civisdata.policy.operations.folders import make_data_folders
from civisdata.policy.operations.folders import NoTmpfs
from civisdata.policy.operations.folders import temporary_folder
from civisdata.policy.operations.mailbox import LocalMailbox
from civisdata.policy.operations.postgresql import Cluster
from civisdata.policy.operations.postgresql import PostgresqlError
from civisdata.policy.operations.settings import from_environment
from civisdata.policy.operations.settings import Settings
from civisdata.policy.operations.settings import zope_environment
from contextlib import ExitStack
from contextlib import suppress
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request


class StartError(Exception):
    """Something is missing; the message is one clear line."""


def _lock(settings: Settings, stack: ExitStack) -> None:
    """Keep a second server away from the same data."""
    handle = stack.enter_context((settings.var / "serve.lock").open("a"))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StartError(
            f"A server already uses {settings.var}: stop it, or give another VAR=."
        ) from None


def _mail(settings: Settings, stack: ExitStack, environ: dict[str, str]) -> None:
    """Name the mail server; without one, mails are kept in a local folder."""
    environ.setdefault("CIVIS_MAIL_FROM", "ne-pas-repondre@localhost.localdomain")
    if not settings.smtp:
        mailbox = LocalMailbox(settings.mail_folder)
        stack.callback(mailbox.stop)
        environ["CIVIS_SMTP"] = mailbox.start()
    else:
        environ["CIVIS_SMTP"] = settings.smtp


def _services(
    settings: Settings, stack: ExitStack, environ: dict[str, str]
) -> tuple[str, list[tuple[str, str, str]]]:
    """Start PostgreSQL and slapd where asked; return the DSN and the made log-ins."""
    dsn = "" if settings.filestorage else settings.db
    if settings.private_postgresql:
        cluster = Cluster(settings.var / "postgresql")
        stack.callback(cluster.stop)
        dsn = cluster.start()
    logins: list[tuple[str, str, str]] = []
    if settings.ldap == "demo":
        from civisdata.policy.ldap.demo import DemoDirectory

        directory = DemoDirectory(settings.var / "ldap")
        stack.callback(directory.stop)
        directory.start()
        environ.update(directory.environment)
        logins = directory.new_logins
    return dsn, logins


def _create_site(
    settings: Settings, environ: dict[str, str]
) -> list[tuple[str, str, str]]:
    log = settings.var / "log" / "create-site.log"
    with log.open("w") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "civisdata.policy.operations.create_site"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    if done.returncode:
        last = (log.read_text().strip().splitlines() or ["no message"])[-1]
        raise StartError(f"The portal could not be created: {last} (all of it: {log})")
    rows = [line.split(" ", 2) for line in done.stdout.splitlines() if line.strip()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]


def _write_logins(settings: Settings, logins: list[tuple[str, str, str]]) -> None:
    if not logins:
        return
    path = settings.logins_file
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as handle:
        for row in logins:
            handle.write(" ".join(row) + "\n")


def _wait_until_up(process: subprocess.Popen, url: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StartError("The server ended at once: see log/event.log.")
        try:
            urllib.request.urlopen(url, timeout=60).read()  # noqa: S310
            return
        except urllib.error.HTTPError as error:
            raise StartError(
                f"{url} answers {error.code}: see log/event.log."
            ) from None
        except OSError:
            time.sleep(0.2)
    raise StartError(f"{url} does not answer after {seconds:.0f} seconds.")


def _print_addresses(
    settings: Settings, logins: list[tuple[str, str, str]], seconds: float
) -> None:
    base = f"http://{settings.host}:{settings.port}"
    print(f"\nCivis Data is up after {seconds:.1f} s:")
    print(f"  home page          {base}/")
    print(f"  sign up            {base}/@@inscription")
    print(f"  log in             {base}/login")
    print(f"  registrations      {base}/espaces/@@registrations")
    if logins:
        print("\nLog-ins, generated now and shown once:")
        for role, login, password in logins[:8]:
            print(f"  {role:22} {login:22} {password}")
        if len(logins) > 8:
            print(f"  … and {len(logins) - 8} more")
    if not settings.smtp:
        print(
            f"\nMails are kept in {settings.mail_folder} (SMTP=host:port sends them)."
        )
    if settings.logins_file.exists():
        print(f"\nAll generated log-ins: {settings.logins_file}")
    print("Ctrl-C ends everything.", flush=True)


def serve(settings: Settings) -> int:
    """Run the portal until a signal comes; return the exit code."""
    started = time.monotonic()
    checks.port_is_free(settings.host, settings.port)
    make_data_folders(settings.var)
    with ExitStack() as stack:
        _lock(settings, stack)
        temporary = temporary_folder(settings.var)
        stack.callback(shutil.rmtree, temporary, ignore_errors=True)
        environ = dict(os.environ)
        _mail(settings, stack, environ)
        dsn, logins = _services(settings, stack, environ)
        environ.update(zope_environment(settings, temporary, dsn))
        # At once: whatever fails from here on, they are not generated again.
        _write_logins(settings, logins)
        made = settings.var / "site-created"
        if not made.exists():
            print("First start: creating the portal …", flush=True)
            manager = _create_site(settings, environ)
            _write_logins(settings, manager)
            made.touch()
            logins = manager + logins
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "Zope2.Startup.serve",
                "-q",
                f"--server-name={'proxied' if settings.trusted_proxy else 'main'}",
                str(settings.instance / "etc" / "wsgi.ini"),
                f"http_host={settings.host}",
                f"http_port={settings.port}",
                f"threads={settings.threads}",
                f"trusted_proxy={settings.trusted_proxy}",
                f"log_folder={settings.var / 'log'}",
            ],
            env=environ | {"CIVIS_WORKER": "thread" if settings.filestorage else ""},
            start_new_session=True,
        )
        stack.callback(_end, process)
        _wait_until_up(process, f"http://{settings.host}:{settings.port}/")
        _print_addresses(settings, logins, time.monotonic() - started)
        if settings.filestorage:
            return process.wait()
        return _serve_with_worker(process, environ, stack)


def _serve_with_worker(
    server: subprocess.Popen, environ: dict[str, str], stack: ExitStack
) -> int:
    """Keep a worker for tasks running until the server ends; return its exit code.

    Started once the portal is up, as it would slow its start down.
    """
    while True:
        worker = subprocess.Popen(
            [sys.executable, "-m", "civisdata.policy.operations.worker"],
            env=environ,
            start_new_session=True,
        )
        stack.callback(_end, worker)
        while worker.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                return server.wait(1)
        print("The worker for tasks ended: see log/worker.log.", file=sys.stderr)
        with suppress(subprocess.TimeoutExpired):
            return server.wait(10)


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _stop(signum: int, frame) -> None:
    raise SystemExit(0)


def main() -> int:
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGHUP, _stop)
    try:
        return serve(from_environment())
    except (
        StartError,
        ValueError,
        checks.CheckFailed,
        NoTmpfs,
        PostgresqlError,
    ) as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
