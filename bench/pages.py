"""Requests per second of pages against a bare Classic site's front page, in one run.

    venv/bin/python bench/pages.py

The baseline is the front page of a bare Plone Classic site with the same Python,
threads and storage; both are warmed up, then loaded in turns.
"""

from client import Citizen
from load import requests_per_second
from servers import bare_classic
from servers import civisdata
import statistics


ROUNDS = 3


def main() -> None:
    with bare_classic() as bare, civisdata(citizen=True) as portal:
        citizen = Citizen(portal)
        session = {"Cookie": citizen.cookie}
        pages = {
            "bare Classic front page": (bare.url, {}),
            "home page": (f"{portal.url}/", {}),
            "commune page": (f"{portal.url}/communes/bordeaux", {}),
            "a citizen's space": (f"{portal.url}{citizen.space}", session),
            "a citizen's documents": (
                f"{portal.url}{citizen.space}/@@documents",
                session,
            ),
        }
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
        for url, headers in pages.values():
            requests_per_second(url, seconds=3, headers=headers)
        for _ in range(ROUNDS):
            for name, (url, headers) in pages.items():
                figures[name].append(requests_per_second(url, headers=headers))
    baseline = statistics.median(row[0] for row in figures["bare Classic front page"])
    print(f"{'page':28} {'req/s':>8} {'ratio':>7} {'median ms':>10}")
    for name, rows in figures.items():
        rate = statistics.median(row[0] for row in rows)
        median = statistics.median(row[1] for row in rows)
        print(f"{name:28} {rate:8.1f} {rate / baseline:6.2f}x {median:10.1f}")


if __name__ == "__main__":
    main()
