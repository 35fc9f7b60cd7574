"""What a server is told from outside: environment variables and their defaults."""

from dataclasses import dataclass
from pathlib import Path
import os
import re


#: Id of the portal in the Zope root.
SITE_ID = "civisdata"


@dataclass(frozen=True)
class Settings:
    """Where a server keeps its data and what it listens to.

    ``db`` is ``filestorage``, ``postgresql`` (a private cluster below ``var``) or a
    libpq connection string. ``ldap`` is empty or ``demo`` (a private slapd). ``smtp`` is
    ``host:port`` of the mail server; when empty, mails are kept in a folder.
    ``trusted_proxy`` is the address of the proxy in front, empty without one. ``url`` is
    the public address of the portal. ``tasks`` names the queue of tasks, where it isn't
    the usual one.
    """

    instance: Path
    var: Path
    host: str
    port: int
    db: str
    ldap: str
    smtp: str
    threads: int
    trusted_proxy: str
    url: str
    tasks: str

    @property
    def filestorage(self) -> bool:
        return self.db in ("", "filestorage")

    @property
    def private_postgresql(self) -> bool:
        return self.db == "postgresql"

    @property
    def mail_folder(self) -> Path:
        return self.var / "mail"

    @property
    def queue_file(self) -> Path:
        return self.var / "tasks" / "queue.sqlite"

    @property
    def logins_file(self) -> Path:
        return self.var / "first-logins.txt"


def instance_folder() -> Path:
    """Return the folder ``instance`` of the checkout that is installed editable."""
    here = Path(__file__).resolve()
    for parent in here.parents:
        if (parent / "instance" / "etc" / "zope.conf").exists():
            return parent / "instance"
    return Path(os.environ["CIVIS_INSTANCE"])


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings from ``VAR``, ``HOST``, ``PORT``, ``DB``, ``LDAP``, ``SMTP``,
    ``THREADS``.

    Raises ``ValueError`` with one clear line when a value cannot be used.
    """
    environ = dict(os.environ if environ is None else environ)
    instance = instance_folder()
    port = environ.get("PORT") or "8080"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"PORT={port}: a port is a number from 1 to 65535.")
    threads = environ.get("THREADS") or "4"
    if not threads.isdigit() or not 0 < int(threads) < 65:
        raise ValueError(f"THREADS={threads}: a number from 1 to 64 is needed.")
    ldap = environ.get("LDAP") or ""
    if ldap not in ("", "demo"):
        raise ValueError(
            f"LDAP={ldap}: only « demo » is known here; a real directory is set with "
            "CIVIS_LDAP_URI and its companions (docs/reference/settings.md)."
        )
    smtp = environ.get("SMTP") or ""
    if smtp and not re.fullmatch(r"[^\s:]+(:\d{1,5})?", smtp):
        raise ValueError(f"SMTP={smtp}: host or host:port is needed.")
    host = environ.get("HOST") or "127.0.0.1"
    url = (environ.get("CIVIS_URL") or f"http://{host}:{port}").rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise ValueError(f"CIVIS_URL={url}: http://host or https://host is needed.")
    return Settings(
        instance=instance,
        var=Path(environ.get("VAR") or instance / "var").expanduser().resolve(),
        host=host,
        port=int(port),
        db=environ.get("DB") or "filestorage",
        ldap=ldap,
        smtp=smtp,
        threads=int(threads),
        trusted_proxy=environ.get("CIVIS_TRUSTED_PROXY") or "",
        url=url,
        tasks=environ.get("CIVIS_TASKS") or "",
    )


def zope_environment(settings: Settings, temporary: Path, dsn: str) -> dict[str, str]:
    """Return the variables that zope.conf and the packages read.

    ``temporary`` is a folder on tmpfs: whatever spools a request writes there.
    """
    storage = "filestorage" if settings.filestorage else "postgresql"
    return {
        "CIVIS_INSTANCE": str(settings.instance),
        "CIVIS_VAR": str(settings.var),
        "CIVIS_PORT": str(settings.port),
        "CIVIS_THREADS": str(settings.threads),
        "CIVIS_HOSTS": f"{os.environ.get('CIVIS_HOSTS', '')} {settings.host}",
        "CIVIS_STORAGE": storage,
        "CIVIS_DSN": dsn,
        "CIVIS_PEPPER_FILE": str(settings.var / "secrets" / "pepper"),
        "CIVIS_SIGNING_KEY_FILE": str(settings.var / "secrets" / "signing-key"),
        "CIVIS_PUBLISHER_KEY_FILE": str(settings.var / "secrets" / "publisher-key"),
        "CIVIS_ERASED_FILE": str(settings.var / "erased" / "spaces"),
        "CIVIS_SESSIONS": dsn if dsn else str(temporary / "sessions"),
        "CIVIS_TASKS": settings.tasks or dsn or str(settings.queue_file),
        "CIVIS_URL": settings.url,
        "TMPDIR": str(temporary / "tmp"),
        "CHAMELEON_CACHE": str(settings.var / "cache"),
        "zope_i18n_compile_mo_files": "true",
        "PTS_LANGUAGES": "fr,en",
        "TZ": "Europe/Paris",
    }


def set_environment() -> None:
    """Give ``bin/instance`` the environment that the launcher gives the server."""
    from civisdata.policy.operations.folders import temporary_folder

    settings = from_environment()
    dsn = "" if settings.filestorage else settings.db
    for name, value in zope_environment(
        settings, temporary_folder(settings.var), dsn
    ).items():
        os.environ.setdefault(name, value)
