"""Office files as PDF, by LibreOffice where it is installed.

The file has to lie somewhere for LibreOffice: in a folder of its own below TMPDIR, which
is on tmpfs, with mode 0700, wiped afterwards. Macros never run, nothing outside the
document is loaded: see ``sandbox`` and the settings below.
"""

from civisdata.content.vault.kinds import OFFICE
from civisdata.content.vault.reading.programs import MEGA
from civisdata.content.vault.reading.programs import ProgramFailed
from civisdata.content.vault.reading.programs import run_program
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.turns import turn
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import hashlib
import os
import shutil
import tempfile
import threading
import time


#: Seconds a conversion may take; bytes of a document, and of its PDF.
TIMEOUT = 60.0
MAX_SOURCE = 50 * MEGA
MAX_PDF = 30 * MEGA
#: Bytes: address space of LibreOffice, one file that it writes.
MEMORY = 3072 * MEGA
MAX_FILE = 256 * MEGA
#: Conversions of this process at a time, and seconds to wait for one's turn.
MAX_CONVERSIONS = 1
_WAIT = 30.0
_PREFIX = "civis-office-"
_STALE = 3600
#: What LibreOffice ends with when it has made its profile and wants to start again.
_RESTART = 81
_slots = threading.BoundedSemaphore(MAX_CONVERSIONS)

_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""
_ITEM = """\
<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">\
<value>{value}</value></prop></item>
"""
#: No macros, nothing loaded from elsewhere, no question to a network.
SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Misc", "FirstRun", "false"),
    ("Common/Save/Document", "CreateBackup", "false"),
    ("Recovery/RecoveryInfo", "Enabled", "false"),
    ("Recovery/AutoSave", "Enabled", "false"),
)


def libreoffice() -> str | None:
    """Give the path of LibreOffice's program, or None where it isn't installed."""
    found = shutil.which("soffice", path="/usr/bin:/usr/local/bin:/opt/libreoffice/bin")
    if found is None:
        return None
    # The program itself: its starter would fork, and outlive its parent.
    program = Path(found).resolve().parent / "soffice.bin"
    return str(program) if program.exists() else None


def to_pdf(kind: str, content: bytes) -> bytes:
    """Convert an office file; RenderError (``office`` where nothing can)."""
    program = libreoffice()
    if program is None or kind not in OFFICE:
        raise RenderError("office")
    if len(content) > MAX_SOURCE:
        raise RenderError("big")
    with turn():
        if not _slots.acquire(timeout=_WAIT):
            raise RenderError("busy")
        try:
            with _private_folder() as folder:
                return _convert(program, folder, kind, content)
        finally:
            _slots.release()


@contextmanager
def _private_folder() -> Iterator[Path]:
    _wipe_stale()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _socket_of(folder: Path) -> Path:
    """Where LibreOffice awaits other starts with the same profile."""
    profile = f"file://{folder}/profile".encode("utf-16-le")
    digest = hashlib.md5(profile, usedforsecurity=False).digest()
    # Without leading zeros: so does LibreOffice write it.
    name = "".join(f"{byte:x}" for byte in digest)
    return Path(f"/tmp/OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{name}")  # noqa: S108


def _wipe_stale() -> None:
    """Wipe what a server that was killed on the way left behind."""
    limit = time.time() - _STALE
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            stat = path.lstat()
        except OSError:
            continue
        if stat.st_uid == os.getuid() and stat.st_mtime < limit:
            shutil.rmtree(path, ignore_errors=True)


def _convert(program: str, folder: Path, kind: str, content: bytes) -> bytes:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(
        _ITEM.format(path=path, name=name, value=value)
        for path, name, value in SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items))
    source, target = folder / f"document.{kind}", folder / "document.pdf"
    source.write_bytes(content)
    command = [
        program,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nologo",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(source),
    ]
    try:
        _run(command, folder)
    except ProgramFailed as error:
        if error.status != _RESTART:
            raise
        _run(command, folder)
    # It ends well though nothing could be read.
    if not target.is_file() or target.is_symlink():
        raise RenderError("damaged")
    if target.stat().st_size > MAX_PDF:
        raise RenderError("big")
    return target.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    try:
        run_program(
            command,
            seconds=TIMEOUT,
            memory=MEMORY,
            file=MAX_FILE,
            folder=str(folder),
            environ={
                "HOME": str(folder),
                "TMPDIR": str(folder),
                "SAL_USE_VCLPLUGIN": "svp",
            },
        )
    finally:
        # It may not remove its socket itself.
        _socket_of(folder).unlink(missing_ok=True)
