"""A search in the vault against stock Plone's catalog on as many Files, in one run.

    venv/bin/python bench/search.py [--counts 20,200,2000]

Both hold the same texts of 400 words under the same titles. Times are medians of whole
requests; the vault's index is opened by each search anew, the catalog lies in the clear.
"""

from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.search.terms import pack
from civisdata.content.vault.search.terms import words_of
from client import Citizen
from client import Editor
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from urllib.parse import urlencode
from words import text
from words import vocabulary
import argparse
import os
import statistics
import time


TURNS = 9


def median(action: Callable[[], None]) -> float:
    """Milliseconds of an action."""
    times = []
    for _ in range(TURNS + 1):
        started = time.monotonic()
        action()
        times.append(1000 * (time.monotonic() - started))
    return statistics.median(times[1:])


def get(client, path: str) -> None:
    client.text(path)


def search(citizen: Citizen, query: str) -> str:
    body = urlencode({"q": query, "_authenticator": citizen.token})
    answer = citizen.send(
        "POST",
        f"{citizen.space}/@@recherche",
        body,
        **{"Content-Type": "application/x-www-form-urlencoded"},
    )
    page = answer.read().decode()
    if answer.status != 200:
        raise RuntimeError(f"the search answered {answer.status}")
    return page


def box_sizes(words: list[str], count: int) -> float:
    """Bytes of a document's sealed words."""
    key = BoxKey(bytes(32))
    sizes = [
        len(
            key.seal_bytes(
                pack(words_of(text(number, words))),
                space_id="x",
                item_id="x",
                purpose="text",
            )
        )
        for number in range(count)
    ]
    return statistics.mean(sizes)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", default="20,200,2000")
    counts = [int(count) for count in parser.parse_args().counts.split(",")]
    words = vocabulary()
    # Words of one document in a hundred, and of nearly all.
    rare, common = f"{words[700]} {words[3]}", words[0]
    os.environ["BENCH_FILES"] = str(max(counts))
    with (
        bare_classic(Path(__file__).parent / "stock_files.py") as bare,
        civisdata(citizen=True) as portal,
    ):
        editor, citizen = Editor(bare), Citizen(portal)
        docs = f"{citizen.space}/@@documents"
        rows, stored = [], 0
        for count in counts:
            while stored < count:
                data = text(stored, words).encode()
                citizen.upload(BytesIO(data), len(data), f"Document {stored}.txt")
                stored += 1
            rows.append(
                (
                    count,
                    median(lambda: get(citizen, docs)),
                    median(lambda: search(citizen, rare)),
                    median(lambda: search(citizen, common)),
                )
            )
        base = editor.base
        stock = (
            median(lambda: get(editor, f"{base}/docs/view")),
            median(
                lambda: get(
                    editor, f"{base}/@@search?{urlencode({'SearchableText': rare})}"
                )
            ),
            median(
                lambda: get(
                    editor, f"{base}/@@search?{urlencode({'SearchableText': common})}"
                )
            ),
        )
    print(f"{'':24} {'list ms':>9} {'rare ms':>9} {'common ms':>10}")
    for count, *times in rows:
        shown = " ".join(f"{ms:9.1f}" for ms in times)
        print(f"{f'vault, {count} documents':24} {shown}")
    print(
        f"{f'stock, {max(counts)} Files':24} " + " ".join(f"{ms:9.1f}" for ms in stock)
    )
    print(f"index: {box_sizes(words, 100):.0f} bytes a document (texts of 400 words)")


if __name__ == "__main__":
    main()
