"""Prepare a checkout: Debian packages, virtual environment, pinned packages, buildout.

Needs nothing but Python's standard library. ``bootstrap.py run`` prepares ``make run``,
``bootstrap.py test`` also what the tests need. Quick when nothing has changed.
"""

# So that a Python that is too old gets as far as being told so.
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time


ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / "venv"
PACKAGES = ROOT / "instance" / "debian-packages.txt"
OURS = ("civisdata.content", "civisdata.theme", "civisdata.policy")


class BootstrapError(Exception):
    """Something is missing; the message is one clear line."""


def check_python() -> None:
    """Raise ``BootstrapError`` unless this Python can run the portal."""
    if sys.version_info < (3, 11):  # noqa: UP036
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise BootstrapError(
            f"Python 3.11 or newer is needed, this is {found}; "
            "name another with PYTHON=python3.11."
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        if os.getuid() == 0:
            install(["python3-venv"])
            return
        raise BootstrapError(
            "the Debian package python3-venv is missing (makes the virtual "
            "environment): apt-get install python3-venv, as root."
        ) from None


def debian_packages(sections: set[str]) -> list[tuple[str, str, str]]:
    """Return (package, sign, reason) of the wanted sections of the list."""
    rows, section = [], ""
    for line in PACKAGES.read_text().splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif section in sections:
            package, sign, reason = line.split(None, 2)
            rows.append((package, sign, reason))
    return rows


def is_there(sign: str) -> bool:
    """Say whether a command or file pattern of the list is found."""
    if sign == "{python-headers}":
        return (Path(sysconfig.get_paths()["include"]) / "Python.h").exists()
    if sign.startswith("/"):
        return bool(glob.glob(sign))
    return shutil.which(sign) is not None


def install(packages: list[str]) -> None:
    """Install Debian packages without a question (root only)."""
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    print("Installing Debian packages:", *packages, flush=True)
    log = ROOT / "parts" / "apt.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(
                command,
                env=environ,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
    if done.returncode:
        raise BootstrapError(f"apt-get could not install {' '.join(packages)}: {log}")


def provide_debian_packages(sections: set[str]) -> None:
    """Install what is missing, or say what is missing and why when not root."""
    missing = [row for row in debian_packages(sections) if not is_there(row[1])]
    if not missing:
        return
    names = [row[0] for row in missing]
    if os.getuid() == 0 and shutil.which("apt-get"):
        install(names)
        return
    reasons = "; ".join(f"{name} ({reason})" for name, _, reason in missing)
    raise BootstrapError(
        f"Debian packages are missing: {reasons}. "
        f"As root: apt-get install {' '.join(names)}"
    )


def run(*command: str) -> None:
    """Run a command; raise ``BootstrapError`` with its last line when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise BootstrapError(f"{' '.join(command[:4])} …: {' | '.join(lines[-3:])}")


def install_python_packages() -> None:
    """Install the pins of requirements.txt and our packages into ``venv``.

    uv does it several times faster than pip; pip is the way back where uv cannot be
    had or reads another index than pip is configured for.
    """
    python = str(VENV / "bin" / "python")
    pins = (ROOT / "requirements.txt").read_text().splitlines()
    uv_pin = next(line for line in pins if line.startswith("uv=="))
    quiet = ("--quiet", "--disable-pip-version-check")
    arguments = ("--no-deps", "-r", "requirements.txt")
    try:
        run(python, "-m", "pip", "install", *quiet, uv_pin)
        run(python, "-m", "uv", "pip", "install", "-q", "-p", python, *arguments)
    except BootstrapError:
        run(python, "-m", "pip", "install", *quiet, *arguments)
    editable = [part for name in OURS for part in ("-e", f"src/{name}")]
    run(
        *(python, "-m", "pip", "install", *quiet),
        *("--no-deps", "--no-build-isolation", *editable),
    )


def fingerprint() -> str:
    """Digest of all that decides what ``venv`` contains."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    names = ["requirements.txt", "buildout.cfg", "instance/bootstrap.py"]
    names += [f"src/{name}/pyproject.toml" for name in OURS]
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def provide_environment() -> None:
    """Make ``venv`` and ``bin/instance`` unless they are what is wanted."""
    stamp = VENV / "civisdata.stamp"
    if stamp.exists() and stamp.read_text() == fingerprint():
        return
    started = time.monotonic()
    print("Installing the pinned packages into venv …", flush=True)
    if not (VENV / "bin" / "python").exists():
        run(sys.executable, "-m", "venv", str(VENV))
    install_python_packages()
    run(str(VENV / "bin" / "buildout"), "-o", "-q")
    stamp.write_text(fingerprint())
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def wanted_sections(verb: str, environ: Mapping[str, str]) -> set[str]:
    """Return the sections of the list of Debian packages that a verb needs."""
    if verb == "test":
        return {"run", "ldap", "postgresql", "test"}
    sections = {"run"}
    if environ.get("LDAP") == "demo":
        sections.add("ldap")
    if environ.get("DB") == "postgresql":
        sections.add("postgresql")
    return sections


def main(arguments: list[str]) -> int:
    sections = wanted_sections(arguments[0] if arguments else "run", os.environ)
    try:
        check_python()
        provide_debian_packages(sections)
        provide_environment()
    except BootstrapError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
