"""First page of a 300-page PDF in the vault against documentviewer's stored page.

    venv/bin/python bench/first_page.py [--pages 300] [--stock-pages 300]

The vault draws each page when it is asked for; stock Plone with collective.documentviewer
converts the whole file when it is stored, and then gives a kept image.
"""

from client import Citizen
from client import Editor
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from words import pdf
from words import text
from words import vocabulary
import argparse
import re
import statistics
import time


TURNS = 9


def seconds(action: Callable[[], object]) -> tuple[float, object]:
    started = time.monotonic()
    result = action()
    return time.monotonic() - started, result


def median(action: Callable[[], object], pause: float = 0.0) -> float:
    """Milliseconds of an action; ``pause`` seconds before each, as a reader makes."""
    times = []
    for _ in range(TURNS + 1):
        time.sleep(pause)
        times.append(1000 * seconds(action)[0])
    return statistics.median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--stock-pages", type=int)
    arguments = parser.parse_args()
    count, less = arguments.pages, arguments.stock_pages or arguments.pages
    words = vocabulary()
    pages = [text(number, words, 350) for number in range(count)]
    data, fewer = pdf(pages), pdf(pages[:less])
    print(f"{count} pages, {len(data) / 1e6:.1f} MB")
    with (
        bare_classic(Path(__file__).parent / "stock_viewer.py") as bare,
        civisdata(citizen=True) as portal,
    ):
        editor = Editor(bare)
        stored, path = seconds(
            lambda: editor.upload(BytesIO(fewer), len(fewer), "rapport.pdf")
        )
        viewer = editor.text(f"{path}/view")
        print(f"stock: {less} pages stored and converted in {stored:.1f} s")
        # Stock's conversion takes minutes: log in after it, and connect anew.
        editor, citizen = Editor(bare), Citizen(portal)
        kept, document = seconds(
            lambda: citizen.upload(BytesIO(data), len(data), "rapport.pdf")
        )
        print(f"vault: stored, its text read, in {kept:.2f} s")
        url = f"{citizen.space}/@@documents/{document}"
        found = re.search(r"[^\"']*dvpdffiles[^\"']*?/", viewer)
        files = re.search(
            r"(/Plone/@@dvpdffiles/[^\"'}]*?)/(?:normal|small|large)", viewer
        )
        image = f"{files[1]}/normal/dump_1.png" if files else None
        rows = {
            "stock, page": median(lambda: editor.text(f"{path}/view"), 0.2),
            "vault, page": median(lambda: citizen.text(f"{url}/lire"), 0.2),
            "vault, image of page 1": median(
                lambda: citizen.download(f"{url}/page?n=1"), 0.2
            ),
            f"vault, image of page {count}": median(
                lambda: citizen.download(f"{url}/page?n={count}"), 0.2
            ),
            "vault, words of page 1": median(
                lambda: citizen.download(f"{url}/mots?n=1"), 0.2
            ),
            "vault, 12 small pages": median(
                lambda: citizen.download(f"{url}/vignettes?n=1"), 0.2
            ),
        }
        if image:
            rows["stock, image of page 1"] = median(lambda: editor.download(image), 0.2)
        else:
            print("no stored page found", found and found[0])
    for name, ms in rows.items():
        print(f"{name:28} {ms:8.1f} ms")


if __name__ == "__main__":
    main()
