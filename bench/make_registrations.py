"""Make registrations that wait in the data of a stopped server.

    make_registrations.py COUNT [DOUBLES]

Run by desk.py with the server's environment. Names and communes repeat as they do among
people; DOUBLES of them sign up twice.
"""

from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.territory.data import communes
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from make_citizen import open_site
import random
import sys
import transaction


FIRST = [
    "Zoé",
    "Léa",
    "Jean",
    "Paul",
    "Aïcha",
    "Inès",
    "Karim",
    "Louis",
    "Anne",
    "Marie",
    "Hugo",
    "Nina",
    "Omar",
    "Rose",
]
LAST = [
    "Duprat",
    "Lafitte",
    "Martin",
    "Bernard",
    "Petit",
    "Robert",
    "Moreau",
    "Garcia",
    "Lopez",
    "Dubois",
    "Diallo",
    "Roux",
    "Fournier",
    "Girard",
    "Bonnet",
    "Lambert",
    "Faure",
    "Rousseau",
    "Blanc",
    "Guérin",
]
TOGETHER = 200


def person(number: int, draw: random.Random, slugs: list[str]) -> Registration:
    """Return somebody; the same number is the same person."""
    return Registration(
        first_name=draw.choice(FIRST),
        last_name=f"{draw.choice(LAST)}-{draw.choice(LAST)}{number % 97 or ''}",
        usage_name="",
        address=f"{draw.randint(1, 200)} rue {draw.choice(LAST)}",
        address_more="",
        postal_code="33000",
        town="Bordeaux",
        commune=draw.choice(slugs),
        birth_date=f"{draw.randint(1930, 2005)}-{draw.randint(1, 12):02}-11",
        age_bracket="",
        email=f"banc-{number}@example.org",
        services=("documents", "news"),
        publishers=("commune", "cub"),
    )


def make(site, count: int, doubles: int = 0) -> None:
    """Register people, each on a day of the last two months."""
    slugs = sorted(commune.slug for commune in communes())
    spaces, now = get_spaces(site), datetime.now(UTC)
    for number in range(count):
        same = number - 1 if number and number <= doubles * 2 and number % 2 else number
        one = person(same, random.Random(same), slugs)
        if same != number:
            one = Registration(**{**one.to_dict(), "email": f"b{number}@example.org"})
        day = now - timedelta(days=number % 60, minutes=number % 1440)
        register(spaces, one, now=day, with_mail=False)
        if number % TOGETHER == 0:
            transaction.commit()
            site._p_jar.cacheGC()
    transaction.commit()


if __name__ == "__main__":
    make(open_site(), *map(int, sys.argv[1:]))
