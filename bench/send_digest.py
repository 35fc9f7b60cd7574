"""Make readers and news in the data of a stopped server, and send them a digest.

    send_digest.py READERS NEWS PORT

Run by digest.py with the server's environment; prints what it measured as JSON.
"""

from civisdata.content.citizens.news_mail.sending import send_issue
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import index
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from make_citizen import open_site
from plone import api
import json
import resource
import sys
import time
import transaction


TOPICS = ("elections", "grands-travaux", "immobilier")
TOWNS = ("bordeaux", "merignac", "pessac", "talence")


def make_reader(site, number: int) -> None:
    space = register(
        get_spaces(site),
        Registration(
            first_name="Banc",
            last_name="Essai",
            usage_name="",
            address="1 rue de la Mesure",
            address_more="",
            postal_code="33000",
            town="Bordeaux",
            commune=TOWNS[number % len(TOWNS)],
            birth_date=f"{1950 + number % 55}-01-01",
            age_bracket="",
            email=f"banc-{number}@example.org",
            services=("news",),
            publishers=("commune", "cub"),
            topics=TOPICS[: number % 4],
            by_email=True,
            rhythm="daily",
        ),
        with_mail=False,
    )
    api.content.transition(space, "accept")
    index(space)


def fill(site, readers: int, news: int) -> None:
    for number in range(news):
        town = TOWNS[number % len(TOWNS)]
        item = api.content.create(
            site["communes"][town]["actualites"],
            "News Item",
            title=f"Actualité numéro {number}",
            description="Ce qui change dans votre quartier à partir de la semaine.",
        )
        api.content.transition(item, "publish")
    transaction.commit()
    for number in range(readers):
        make_reader(site, number)
        if number % 100 == 99:
            transaction.commit()
            site._p_jar.cacheMinimize()
    transaction.commit()


def peak() -> float:
    """Return the highest resident memory so far in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    readers, news, port = map(int, sys.argv[1:])
    site = open_site()
    registry = api.portal.get_tool("portal_registry")
    registry["plone.smtp_host"], registry["plone.smtp_port"] = "127.0.0.1", port
    with api.env.adopt_roles(["Manager"]):
        fill(site, readers, news)
    site._p_jar.cacheMinimize()
    before, started = peak(), time.monotonic()
    sender = send_issue(site, "daily", "one", lambda done, total: None)
    seconds = time.monotonic() - started
    sent, queries = sender.run.sent, sender.selection.queries
    started = time.monotonic()
    second = send_issue(site, "daily", "two", lambda done, total: None)
    print(
        json.dumps(
            {
                "sent": sent,
                "seconds": seconds,
                "queries": queries,
                "megabytes": peak() - before,
                "again": time.monotonic() - started,
                "twice": second.run.sent,
            }
        )
    )


if __name__ == "__main__":
    main()
