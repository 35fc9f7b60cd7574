"""Lists of 20, 200 and 2 000 documents against stock Plone's of as many Files, in one run.

    venv/bin/python bench/lists.py [--rounds 3]

Stock Plone's are what its user sees: the listing view of a folder (20 a page), and
`folder_contents`, which is a page and the JSON that its script asks for (20 rows). The
vault's list has 50 rows, and opens the boxes of all documents each time.
"""

from client import Citizen
from client import Editor
from load import requests_per_second
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from urllib.parse import urlencode
import argparse
import json
import statistics


SIZES = (20, 200, 2000)
STOCK = Path(__file__).parent / "stock_folders.py"


def contents_json(url: str, folder: str) -> str:
    """The address that the script of folder_contents asks."""
    path = {
        "i": "path",
        "o": "plone.app.querystring.operation.string.path",
        "v": f"/{folder}::1",
    }
    query = {
        "name": "plone.app.vocabularies.Catalog",
        "query": json.dumps(
            {
                "criteria": [path],
                "sort_on": "getObjPositionInParent",
                "sort_order": "ascending",
            }
        ),
        "batch": json.dumps({"page": 1, "size": 20}),
        "attributes": json.dumps(
            [
                "UID",
                "Title",
                "portal_type",
                "path",
                "review_state",
                "ModificationDate",
                "EffectiveDate",
                "CreationDate",
                "is_folderish",
                "getObjSize",
                "getURL",
                "getIcon",
                "getMimeIcon",
                "id",
                "ExpirationDate",
                "Subject",
            ]
        ),
    }
    return f"{url}/@@getVocabulary?{urlencode(query)}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()
    with bare_classic(STOCK) as bare, civisdata(vaults=SIZES) as portal:
        editor = Editor(bare).headers
        pages = {}
        for size, login in zip(SIZES, portal.citizens, strict=True):
            portal.citizen = login
            citizen = Citizen(portal)
            list_url = f"{portal.url}{citizen.space}/@@documents"
            folder = f"{bare.url}/f{size}"
            vault = {"Cookie": citizen.cookie}
            pages[size, "vault"] = [(list_url, vault)]
            pages[size, "vault by name"] = [(f"{list_url}?tri=titre", vault)]
            pages[size, "stock listing"] = [(f"{folder}/listing_view", editor)]
            pages[size, "stock contents"] = [
                (f"{folder}/folder_contents", editor),
                (contents_json(bare.url, f"f{size}"), editor),
            ]
        times: dict[tuple[int, str], list[float]] = {key: [] for key in pages}
        for turn in range(-1, arguments.rounds):
            for key, urls in pages.items():
                total = sum(
                    requests_per_second(
                        url,
                        seconds=arguments.seconds if turn >= 0 else 2,
                        connections=1,
                        headers=headers,
                    )[1]
                    for url, headers in urls
                )
                if turn >= 0:
                    times[key].append(total)
    print(f"{'documents':>9} {'page':16} {'median ms':>10} {'against vault':>14}")
    for (size, name), rows in times.items():
        median = statistics.median(rows)
        ratio = median / statistics.median(times[size, "vault"])
        print(f"{size:9} {name:16} {median:10.1f} {ratio:13.2f}x")


if __name__ == "__main__":
    main()
