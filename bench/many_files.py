"""A folder with many small files, dropped onto the list in Chromium.

    venv/bin/python bench/many_files.py [--files 10000] [--shared]

Prints, for each tenth, files a second, milliseconds of a file, memory of the server and
of the page. ``--shared``: the folder that they are dropped into is shared already.
"""

from client import Citizen
from pathlib import Path
from playwright.sync_api import sync_playwright
from servers import civisdata
import argparse
import sys
import tempfile
import time


MEGA = 1024 * 1024
ARGUMENTS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--no-first-run"]


def many_files(folder: Path, count: int) -> Path:
    """Make a folder with so many tiny text files, a thousand in each folder of it."""
    for number in range(count):
        below = folder / "Beaucoup" / f"{number // 1000:02}"
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{number:05}.txt").write_text(f"Numéro {number}\n")
    return folder / "Beaucoup"


def drop(page, selector: str, path: Path) -> None:
    """Drop a folder of the disk, as the desktop does."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"x": box["x"] + 20, "y": box["y"] + 20}
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


def share(client: Citizen) -> str:
    """Make a folder, and offer it to somebody; give the address of its list."""
    page = f"{client.space}/@@documents"
    form = {"action": "dossier", "title": "Commun", "format": "json"}
    folder = client.post(f"{client.space}/@@classer", page, form)["folder"]
    form = {"to": "quelqu.un", "right": "read"}
    offer = f"{client.space}/@@partager?dossier={folder}"
    client.post(offer, offer, form)
    return f"{page}?dossier={folder}"


def watch(page, server, count: int) -> None:
    """Print how far it is until all is stored."""
    js = "() => [document.getElementById('vault-summary').textContent, performance.memory.usedJSHeapSize, document.querySelectorAll('.vault-upload').length]"
    started = before = time.monotonic()
    step, reached, next_mark = max(1, count // 10), 0, max(1, count // 10)
    while True:
        text, heap, lines = page.evaluate(js)
        done = int("".join(x for x in text.split(" sur ")[0] if x.isdecimal()) or 0)
        if done >= next_mark or done >= count:
            now = time.monotonic()
            rate = (done - reached) / (now - before)
            print(
                f"{done:6} stored {rate:6.1f}/s {1000 / rate:6.1f} ms; server "
                f"{server.memory() / MEGA:4.0f} MB, page {heap / MEGA:4.0f} MB, "
                f"{lines} lines",
                flush=True,
            )
            reached, before, next_mark = done, now, done + step
        if done >= count:
            break
        if time.monotonic() - before > 120:
            sys.exit(f"nothing happens any more: {text}")
        time.sleep(0.25)
    print(f"all: {time.monotonic() - started:.1f} s")
    page.wait_for_function(
        "() => document.querySelector('.files-item') !== null", timeout=60_000
    )
    print(f"list shown after {time.monotonic() - started:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--picture", help="a PNG of the page half-way")
    arguments = parser.parse_args()
    with (
        civisdata(citizen=True) as server,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        sync_playwright() as playwright,
    ):
        files = many_files(Path(folder), arguments.files)
        client = Citizen(server)
        address = f"{client.space}/@@documents"
        if arguments.shared:
            address = share(client)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        context = browser.new_context(locale="fr-FR")
        for name, value in client.cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": server.url}])
        page = context.new_page()
        requests = []
        page.on("request", lambda request: requests.append(request.method))
        page.goto(f"{server.url}{address}")
        drop(page, "#vault-upload", files)
        watch(page, server, arguments.files)
        print(f"requests: {len(requests)}")
        browser.close()


if __name__ == "__main__":
    main()
