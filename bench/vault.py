"""Vault upload and download against the same file in a stock Plone File, in one run.

    venv/bin/python bench/vault.py [--rounds 3] [--sizes 1,10,100,500]

Both servers run with FileStorage and four threads. Peak memory is the server's resident
memory above what it had just before; a median of the rounds is printed.
"""

from client import Citizen
from client import Editor
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from servers import PeakMemory
import argparse
import os
import statistics
import tempfile
import time


MEGA = 1024 * 1024


def random_file(folder: Path, megabytes: int) -> Path:
    path = folder / f"{megabytes}.bin"
    with path.open("wb") as handle:
        for _ in range(megabytes):
            handle.write(os.urandom(MEGA))
    return path


def measure(server, action) -> tuple[float, int]:
    """Run ``action``; return its seconds and the server's peak memory over idle."""
    with PeakMemory(server) as memory:
        started = time.monotonic()
        action()
        seconds = time.monotonic() - started
    return seconds, memory.over


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="1,10,100,500")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    rows: dict[tuple[int, str, str], list[tuple[float, int]]] = {}
    with (
        bare_classic() as bare,
        civisdata(citizen=True) as portal,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        clients = {"stock": (bare, Editor(bare)), "vault": (portal, Citizen(portal))}
        warm = random_file(Path(folder), 2)
        for turn in range(-1, arguments.rounds):
            for size in sizes if turn >= 0 else [2]:
                path = warm if turn < 0 else Path(folder) / f"{size}.bin"
                if not path.exists():
                    random_file(Path(folder), size)
                for name, (server, client) in clients.items():
                    found: list[str] = []

                    def upload(path=path, client=client, found=found, turn=turn):
                        with path.open("rb") as source:
                            found.append(
                                client.upload(
                                    source, path.stat().st_size, f"{turn}-{path.name}"
                                )
                            )

                    up = measure(server, upload)
                    if name == "vault":
                        target = f"{client.space}/@@documents/{found[0]}/telecharger"
                    else:
                        target = f"{found[0]}/@@download/file"

                    def download(client=client, target=target, path=path):
                        if client.download(target) != path.stat().st_size:
                            raise RuntimeError("not the whole file")

                    down = measure(server, download)
                    if turn >= 0:
                        rows.setdefault((size, name, "up"), []).append(up)
                        rows.setdefault((size, name, "down"), []).append(down)
    print(f"{'MB':>5} {'':>5} {'stock s':>9} {'vault s':>9} {'ratio':>6} ", end="")
    print(f"{'stock MB over idle':>19} {'vault MB over idle':>19}")
    for size in sizes:
        for direction in ("up", "down"):
            stock, vault = (
                rows[size, "stock", direction],
                rows[size, "vault", direction],
            )
            times = [statistics.median(r[0] for r in side) for side in (stock, vault)]
            memory = [max(r[1] for r in side) / MEGA for side in (stock, vault)]
            print(
                f"{size:5} {direction:>5} {times[0]:9.3f} {times[1]:9.3f} "
                f"{times[1] / times[0]:6.2f} {memory[0]:19.1f} {memory[1]:19.1f}"
            )


if __name__ == "__main__":
    main()
