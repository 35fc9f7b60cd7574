"""A flood of sign-ups: 10 000 calls of the domain, on a database of its own in a file.

    venv/bin/python bench/signup_flood.py [CALLS]

Three floods: from one network, from everywhere without the browser's computation, and
from everywhere with it. Says how many were taken, how long a call took, how large the
database got, and what is left of it once the task has forgotten it. No portal is needed.
"""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.signup import proof
from civisdata.content.citizens.signup import taking
from civisdata.content.citizens.signup.waiting import DAY
from civisdata.content.citizens.signup.waiting import room_of
from datetime import datetime
from datetime import UTC
from pathlib import Path
from persistent import Persistent
from tempfile import TemporaryDirectory
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage
import sys
import time
import transaction


SECRET = b"a secret of the bench"
LIMITS = taking.Limits(of_network=20, unproven=100)
CONSENT = Consent("information", "0" * 64, datetime(2026, 11, 24, tzinfo=UTC), True)


class Spaces(Persistent):
    """Stands for the container of spaces: only its attributes are used."""


def registration(number: int) -> Registration:
    return Registration(
        first_name="Banc",
        last_name="Essai",
        usage_name="",
        address="1 rue de la Mesure",
        address_more="",
        postal_code="33000",
        town="Bordeaux",
        commune="bordeaux",
        birth_date="1980-01-01",
        age_bracket="",
        email=f"banc-{number}@example.org",
    )


def flood(spaces, calls: int, network, proven: bool, now: float) -> int:
    """Send so many sign-ups, each in a transaction; return how many were taken."""
    taken = 0
    for number in range(calls):
        client = network(number)
        held = taking.limit_reached(spaces, SECRET, client, proven, LIMITS, now)
        if held is not None:
            continue
        taking.take_in(
            spaces,
            registration(number),
            [CONSENT, CONSENT],
            (),
            secret=SECRET,
            client=client,
            stamp=antirobot.Stamp(int(now), proof.LEAST, f"{now}-{number}"),
            oldest=antirobot.OLDEST,
            days=7,
            proven=proven,
            now=now,
        )
        transaction.commit()
        taken += 1
    return taken


def measure(title: str, calls: int, network, proven: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "flood.fs"
        database = DB(FileStorage(str(path)))
        spaces = database.open().root.spaces = Spaces()
        transaction.commit()
        now = time.time()
        began = time.perf_counter()
        taken = flood(spaces, calls, network, proven, now)
        seconds = time.perf_counter() - began
        database.pack()
        full = path.stat().st_size / 1024
        harder = proof.bits_for(taking.load_of(spaces, now))
        room_of(spaces).forget(now + 8 * DAY)
        transaction.commit()
        database.pack()
        print(
            f"{title}: {taken} of {calls} taken, {seconds / calls * 1e6:.0f} µs a call, "
            f"{full:.0f} kB, afterwards {path.stat().st_size / 1024:.0f} kB; "
            f"{harder} bits asked of the next one"
        )
        database.close()


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    everywhere = lambda n: f"10.{n // 65536}.{n // 256 % 256}.{n % 256}"  # noqa: E731
    measure("one network", calls, lambda n: "192.0.2.7", True)
    measure("everywhere, without the computation", calls, everywhere, False)
    measure("everywhere, with the computation", calls, everywhere, True)
    stamp = antirobot.Stamp(0, proof.LEAST, "0123456789abcdef")
    began = time.perf_counter()
    proof.solve(stamp)
    print(
        f"the computation of a quiet day: {time.perf_counter() - began:.2f} s in Python"
    )


if __name__ == "__main__":
    main()
