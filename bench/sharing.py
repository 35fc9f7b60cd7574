"""Share and revoke a document against copying the same file in stock Plone, in one run.

    venv/bin/python bench/sharing.py [--rounds 3] [--sizes 10,100]

Stock Plone has nothing like it: who takes access back from a person who may have a
file's key has to give it a new one, that is, write it anew. So copying is its measure.
The offer goes to a log-in name that is nobody's: the portal does the same work for it.
"""

from client import Citizen
from client import Editor
from client import token_of
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from urllib.parse import urlencode
from vault import measure
from vault import random_file
import argparse
import re
import statistics
import tempfile


MEGA = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(client, path: str, **fields: str) -> None:
    """Send a form; RuntimeError where it isn't answered by a redirect."""
    answer = client.send("POST", path, urlencode(fields), **FORM)
    answer.read()
    if answer.status not in (302, 303):
        raise RuntimeError(f"POST {path} answered {answer.status}")


def share(client: Citizen, document: str) -> None:
    post(
        client,
        f"{client.space}/@@partager",
        _authenticator=client.token,
        item=f"document:{document}",
        to="c-22222222",
    )


def revoke(client: Citizen) -> None:
    page = client.text(f"{client.space}/@@partages")
    section = page.partition('id="shares-live"')[2]
    found = re.search(r'name="id"[^>]*value="([0-9a-f]{32})"', section)
    post(
        client,
        f"{client.space}/@@partages",
        _authenticator=client.token,
        action="stop",
        id=found[1],
    )


def copy(client: Editor, path: str) -> None:
    token = token_of(client.text(f"{client.base}/++add++File"))
    post(client, f"{path}/object_copy", _authenticator=token)
    post(client, f"{client.base}/object_paste", _authenticator=token)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="10,100")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    rows: dict[tuple[int, str], list[tuple[float, int]]] = {}
    with (
        bare_classic() as bare,
        civisdata(citizen=True) as portal,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        editor, citizen = Editor(bare), Citizen(portal)
        for size in sizes:
            path = random_file(Path(folder), size)
            with path.open("rb") as source:
                document = citizen.upload(source, path.stat().st_size, path.name)
            with path.open("rb") as source:
                stock = editor.upload(source, path.stat().st_size, path.name)
            for turn in range(-1, arguments.rounds):
                done = {
                    "copy": measure(bare, lambda stock=stock: copy(editor, stock)),
                    "share": measure(
                        portal, lambda document=document: share(citizen, document)
                    ),
                    "revoke": measure(portal, lambda: revoke(citizen)),
                }
                for name, figures in done.items():
                    if turn >= 0:
                        rows.setdefault((size, name), []).append(figures)
    print(f"{'MB':>5} {'':>8} {'s':>9} {'to copy':>8} {'MB over idle':>13}")
    for size in sizes:
        stock = statistics.median(row[0] for row in rows[size, "copy"])
        for name in ("copy", "share", "revoke"):
            found = rows[size, name]
            seconds = statistics.median(row[0] for row in found)
            memory = max(row[1] for row in found) / MEGA
            print(
                f"{size:5} {name:>8} {seconds:9.3f} {seconds / stock:8.2f} "
                f"{memory:13.1f}"
            )


if __name__ == "__main__":
    main()
