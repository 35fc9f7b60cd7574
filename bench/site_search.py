"""Time of the public search at 1 000, 10 000 and 100 000 items, in one process.

    venv/bin/python bench/site_search.py [most]

The catalog is real, the items are light: objects with a path and the indexed values, put
into the catalog without being stored anywhere, in the layer of the tests.
"""

from civisdata.content.search.query import Filters
from civisdata.content.search.query import search
from civisdata.content.search.query import suggest
from civisdata.policy.testing import INTEGRATION_TESTING
from DateTime import DateTime
from OFS.SimpleItem import SimpleItem
import random
import statistics
import sys
import time


SIZES = (1_000, 10_000, 100_000)
WORDS = [
    "école",
    "fête",
    "marché",
    "collecte",
    "déchets",
    "travaux",
    "rue",
    "place",
    "médiathèque",
    "concert",
    "inscription",
    "cantine",
    "élection",
    "budget",
    "conseil",
    "municipal",
    "association",
    "sport",
    "piscine",
    "jardin",
    "vélo",
    "tramway",
    "stationnement",
    "logement",
    "urbanisme",
    "eau",
    "énergie",
    "climat",
    "santé",
    "enfance",
]
SEARCHES = ("écoles", "fête marché", "méd", "travaux de la rue", "zebulon")


class Item(SimpleItem):
    """What the indexes ask for."""

    meta_type = portal_type = "News Item"
    review_state = "published"
    allowedRolesAndUsers = ("Anonymous",)

    def __init__(self, number: int, chance: random.Random) -> None:
        self.id = f"n{number}"
        words = [*chance.choices(WORDS, k=60), f"mot{chance.randrange(20_000)}"]
        self.title = " ".join(words[:5])
        self.text = " ".join(words)
        self.publisher = chance.choice(("bordeaux", "pessac", "cub"))
        self.effective = DateTime(2020, 1, 1) + chance.random() * 2000
        self.expires = DateTime(2499, 12, 31)

    def Title(self) -> str:
        return self.title

    def SearchableText(self) -> str:
        return self.text


def median(call) -> float:
    """Return milliseconds of a call, the median of seven."""
    times = []
    for _turn in range(7):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def set_up(layer, done: list) -> None:
    """Set a layer of the tests up, its bases first."""
    for base in layer.__bases__:
        if base is not object and base not in done:
            set_up(base, done)
    layer.setUp()
    done.append(layer)


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    layers: list = []
    set_up(INTEGRATION_TESTING, layers)
    for layer in layers:
        layer.testSetUp()
    measure(INTEGRATION_TESTING["portal"], most)


def measure(portal, most: int) -> None:
    catalog = portal.portal_catalog._catalog
    chance, done = random.Random(1), 0
    print(f"{'items':>8} {'search':24} {'results':>8} {'ms':>8}")
    for size in SIZES:
        if size > most:
            break
        for number in range(done, size):
            item = Item(number, chance).__of__(portal)
            catalog.catalogObject(item, f"/plone/n{number}")
        done = size
        for text in SEARCHES:
            total = search(text)[1]
            print(
                f"{size:8} {text:24} {total:8} {median(lambda t=text: search(t)):8.1f}"
            )
        filters = Filters(kind="actualite", publisher="pessac", period="")
        spent = median(lambda: search("écoles", filters))  # noqa: B023
        print(f"{size:8} {'écoles, filtered':24} {'':8} {spent:8.1f}")
        print(
            f"{size:8} {'suggestions: éco':24} {'':8} {median(lambda: suggest('éco')):8.1f}"
        )


if __name__ == "__main__":
    main()
