"""Runs LibreOffice and tesseract within the sandbox, and ends all that they started."""

from civisdata.content.vault.reading import sandbox
from civisdata.content.vault.reading.protection import tell_once
from civisdata.content.vault.render import RenderError
import contextlib
import json
import os
import signal
import subprocess
import sys


MEGA = 1024 * 1024


class ProgramFailed(RenderError):
    """A program ended with another status than 0."""

    def __init__(self, status: int):
        super().__init__("failed")
        self.status = status


def run_program(
    command: list[str],
    *,
    seconds: float,
    memory: int,
    file: int = 0,
    folder: str | None = None,
    data: bytes = b"",
    environ: dict[str, str] | None = None,
) -> bytes:
    """Give a program ``data`` on stdin and return its stdout.

    Raises RenderError, of which ProgramFailed is one.

    ``command[0]`` is an absolute path; ``folder`` the only place where it may write,
    files of ``file`` bytes at most. Its whole process group is gone at the end.
    """
    tell_once()
    spec = {
        "memory": memory,
        "cpu": int(seconds) + 1,
        "file": file,
        "write": folder,
    }
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", sandbox.__name__, json.dumps(spec), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", **(environ or {})},
        cwd=folder or "/",
        close_fds=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise RenderError("timeout") from None
    except OSError:
        raise RenderError("failed") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    if process.returncode:
        raise ProgramFailed(process.returncode)
    return output
