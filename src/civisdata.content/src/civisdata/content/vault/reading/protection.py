"""Tells operators once what the kernel doesn't protect the programs by.

They run all the same: in some containers neither namespaces nor Landlock are allowed.
"""

from civisdata.content.vault.reading import sandbox
import functools
import json
import logging
import subprocess
import sys


logger = logging.getLogger("civisdata.vault")

#: Protection → what is missing without it.
MISSING = {
    "network": "no network namespace: programs that read documents keep the network",
    "files": "no Landlock: LibreOffice and tesseract can read what the server can",
}


def protections() -> dict[str, bool]:
    """Ask a child what this kernel gives it; all False where it can't say."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", sandbox.__name__, sandbox.PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
        )
        found = json.loads(done.stdout)
        return {name: found[name] is True for name in MISSING}
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return dict.fromkeys(MISSING, False)


@functools.cache
def tell_once() -> None:
    """Log what is missing, the first time that this process starts a program."""
    for name, there in protections().items():
        if not there:
            logger.warning("sandbox: %s", MISSING[name])
