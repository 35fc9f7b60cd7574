"""Starts another program with little: ``python -I -m civisdata.content.vault.reading.sandbox``.

For programs that have to open files of their own (LibreOffice, tesseract), and so can't
live as the child that draws pages does. The first argument is JSON: ``memory`` and
``file`` (bytes), ``cpu`` (seconds), ``write`` (the one folder it may write to, or
null); the rest is the program and its arguments. It gets: no network and nothing but
system folders to read (both where the kernel allows), little memory and time, no new
privileges, an end with its parent. Imports nothing of Plone.
"""

from civisdata.content.vault.renderer import without_network
from civisdata.content.vault.renderer import without_privileges
from typing import Any
import ctypes
import json
import os
import resource
import signal
import struct
import sys


#: What programs need to run: libraries, fonts, their own settings.
READABLE = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/opt",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/self",
    "/sys/devices/system/cpu",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
#: The argument that asks what this kernel protects, and starts nothing.
PROBE = "--probe"
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")

_PR_SET_PDEATHSIG = 1
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_RIGHTS = (1 << 13) - 1
_MAKE_SOCKET = 1 << 9
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_NET_RIGHTS = 3


def _syscall(*arguments) -> int:
    return ctypes.CDLL(None, use_errno=True).syscall(*arguments)


def restrict_files(write: str | None) -> bool:
    """Leave only READABLE, DEVICES and the folder ``write``; False where refused.

    Landlock (Linux 5.13), which needs no privilege.
    """
    version = _syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    if version < 1:
        return False
    rights = _ALL_RIGHTS
    rights |= _REFER if version >= 2 else 0
    rights |= _TRUNCATE if version >= 3 else 0
    attributes = struct.pack("=Q", rights)
    if version >= 4:
        attributes += struct.pack("=Q", _NET_RIGHTS)
    ruleset = _syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    for path in READABLE:
        _allow(ruleset, path, _EXECUTE | _READ_FILE | _READ_DIR)
    for path in DEVICES:
        _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
    if write is not None:
        _allow(ruleset, write, rights)
        # LibreOffice insists on a socket there; nothing else can be made.
        _allow(ruleset, "/tmp", _MAKE_SOCKET)  # noqa: S108
    done = _syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return done


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= _FILE_RIGHTS
    _syscall(
        _ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0
    )
    os.close(place)


def limit(spec: dict[str, Any]) -> None:
    """Take from this process, and what it becomes, all that ``spec`` doesn't leave."""
    for name, value in (
        (resource.RLIMIT_AS, spec["memory"]),
        (resource.RLIMIT_CPU, spec["cpu"]),
        (resource.RLIMIT_FSIZE, spec["file"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ):
        resource.setrlimit(name, (value, value))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    without_privileges()
    without_network()
    restrict_files(spec["write"])


def probe() -> dict[str, bool]:
    """Say which of the kernel's protections this process gets; it has them then."""
    without_privileges()
    return {"network": without_network(), "files": restrict_files(None)}


def main() -> None:
    if sys.argv[1] == PROBE:
        print(json.dumps(probe()))
        return
    spec, command = json.loads(sys.argv[1]), sys.argv[2:]
    limit(spec)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
