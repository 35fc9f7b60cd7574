"""Time of a cold `make run` and of a warm start, and the size of what is installed.

    venv/bin/python bench/start.py

Cold: a fresh clone without a virtual environment, until the first page is served.
Warm: the same, started again.
"""

from civisdata.policy.operations.ports import free_port
from pathlib import Path
from servers import end
from servers import ROOT
from servers import wait_for
import os
import shutil
import subprocess
import tempfile


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below ``folder``."""
    return sum(
        path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink()
    )


def main() -> None:
    base = Path(tempfile.mkdtemp(prefix="civis-start-"))
    clone = base / "clone"
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        times = []
        for _ in range(2):
            port = free_port()
            environ = {**os.environ, "PORT": str(port), "VAR": str(base / "var")}
            process = subprocess.Popen(
                ["make", "run"], cwd=clone, env=environ, stdout=subprocess.DEVNULL
            )
            try:
                times.append(wait_for(f"http://127.0.0.1:{port}/", process, 900))
            finally:
                end(process)
        megabytes = folder_size(clone / "venv") / 1e6
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(f"cold make run to the first page  {times[0]:7.1f} s")
    print(f"warm make run to the first page  {times[1]:7.1f} s")
    print(f"installed (venv)                 {megabytes:7.0f} MB")


if __name__ == "__main__":
    main()
