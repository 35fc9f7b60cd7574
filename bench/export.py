"""Export of a whole vault as one ZIP, against the same bytes downloaded from stock Plone.

    venv/bin/python bench/export.py [--sizes 1,5] [--keep FOLDER]

Sizes are in GB (documents of 256 MB). Stock Plone has no export of its own that gives
files to a person: one File of 256 MB is downloaded as often as it takes. Peak memory is the
server's resident memory above what it had just before. With --keep, the largest archive is
written there too, and read by Python's zipfile and Info-ZIP.
"""

from client import Citizen
from client import Editor
from client import token_of
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from servers import PeakMemory
from urllib.parse import urlencode
import argparse
import hashlib
import json
import os
import subprocess
import tempfile
import time
import zipfile


MEGA = 1024 * 1024
PIECE = 256
FORM = "application/x-www-form-urlencoded"


def export(client: Citizen, password: str, target=None, **fields: str) -> int:
    """Ask for an archive and read it; return its bytes."""
    page = f"{client.space}/@@export"
    form = {
        "_authenticator": token_of(client.text(f"{page}?archive=zip")),
        "action": "download",
        "archive": "zip",
        "current": password,
        "consent": "1",
        **fields,
    }
    answer = client.send("POST", page, urlencode(form), **{"Content-Type": FORM})
    if "attachment" not in answer.headers.get("Content-Disposition", ""):
        raise RuntimeError(f"the export answered {answer.status}")
    received, buffer = 0, bytearray(MEGA)
    while count := answer.readinto(buffer):
        received += count
        if target is not None:
            target.write(memoryview(buffer)[:count])
    if received != int(answer.headers["Content-Length"]):
        raise RuntimeError("the archive is cut")
    return received


def timed(server, action) -> tuple[float, int, int]:
    """Give seconds, bytes, and the server's peak memory over idle."""
    with PeakMemory(server) as memory:
        started = time.monotonic()
        received = action()
        seconds = time.monotonic() - started
    return seconds, received, memory.over


def line(name: str, size: float, found: tuple[float, int, int]) -> None:
    seconds, received, memory = found
    rate = received / seconds / 10**6
    print(
        f"| {name} | {size:g} GB | {seconds:.1f} s | {rate:.0f} MB/s "
        f"| {memory / 10**6:.0f} MB |",
        flush=True,
    )


def check(path: Path, count: int) -> None:
    """Read an archive with other people's tools."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        rows = manifest["documents"]
        for row in (rows[0], rows[-1]):
            digest = hashlib.sha256()
            with archive.open(row["path"]) as member:
                while data := member.read(MEGA):
                    digest.update(data)
            if digest.hexdigest() != row["sha256"]:
                raise RuntimeError("another document")
    listed = subprocess.run(["unzip", "-l", path], capture_output=True, text=True)
    found = listed.stdout.count("documents/document-")
    if listed.returncode or len(rows) != count or found != count:
        raise RuntimeError(f"unzip lists {found} of {count}")
    print(f"zipfile and unzip read {path.stat().st_size} bytes, {count} documents")


def measure(size: float, keep: Path | None) -> None:
    """Measure all for one size; keep and check the archive where ``keep`` is given."""
    count = max(1, round(size * 1024 / PIECE))
    with (
        bare_classic() as bare,
        civisdata(citizen=True, fill=(count, PIECE)) as portal,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        path = Path(folder) / "file.bin"
        path.write_bytes(os.urandom(PIECE * MEGA))
        editor, citizen = Editor(bare), Citizen(portal)
        with path.open("rb") as source:
            address = editor.upload(source, path.stat().st_size, "file.bin")
        target, password = f"{address}/@@download/file", portal.citizen[1]
        words = "girafe tambour escalier velours"
        sealed = {"archive": "passphrase", "passphrase": words, "repeated": words}
        line(
            "stock Plone: its Files, one after the other",
            size,
            timed(bare, lambda: sum(editor.download(target) for _ in range(count))),
        )
        line("export, ZIP", size, timed(portal, lambda: export(citizen, password)))
        line(
            "export, encrypted to a passphrase",
            size,
            timed(portal, lambda: export(citizen, password, **sealed)),
        )
        if keep is not None:
            with (keep / "export.zip").open("wb") as output:
                export(citizen, password, output)
            check(keep / "export.zip", count)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="1,5")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    sizes = [float(size) for size in arguments.sizes.split(",")]
    print(
        "| what | bytes | time | rate | peak memory |\n| --- | --- | --- | --- | --- |"
    )
    for size in sizes:
        measure(size, arguments.keep if size == sizes[-1] else None)


if __name__ == "__main__":
    main()
