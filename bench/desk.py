"""The registrations desk: its page, a search, many acceptances, the size of the database.

    desk.py [--sizes 1000 10000] [--rounds 20]

The baseline, in the same run: the users' control panel of a bare Classic site over so many
users, a page and a search of it. ``--sizes 100000`` takes long to fill. Of at most 2 000, all are
accepted in one batch, by the worker: Argon2id, ZODB and a mail server on the same machine.
"""

from argparse import ArgumentParser
from base64 import b64encode
from client import Client
from client import token_of
from pathlib import Path
from servers import bare_classic
from servers import civisdata
from servers import Server
from statistics import median
from urllib.parse import urlencode
from urllib.parse import urlsplit
import re
import tempfile
import time


ACCEPTED = 2000

STOCK = """\
import transaction
for number in range({count}):
    site.acl_users.userFolderAddUser("banc-%d" % number, "x" * 24, ["Member"], [])
    site.portal_membership.getMemberById("banc-%d" % number).setMemberProperties(
        {{"fullname": "Duprat Zoe %d" % number, "email": "b%d@example.org" % number}})
    if number % 500 == 0:
        transaction.commit()
"""


def basic(server: Server) -> Client:
    """Return a client with the Manager's log-in in each request."""
    pair = ":".join(server.admin).encode()
    return Client(server, {"Authorization": f"Basic {b64encode(pair).decode()}"})


def timed(client: Client, path: str, rounds: int) -> float:
    """Return the median of the milliseconds that a page takes, warm."""
    client.text(path)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        client.text(path)
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def desk(count: int, rounds: int) -> dict[str, float]:
    """Measure the desk over ``count`` registrations that wait."""
    base = "/espaces/@@registrations"
    last = -(-count // 50)
    fill = ("make_registrations.py", str(count), str(count // 100))
    with civisdata(prepare=fill) as server:
        client = basic(server)
        found = {
            "page": timed(client, base, rounds),
            "last page": timed(client, f"{base}?page={last}", rounds),
            "by name": timed(client, f"{base}?order=name", rounds),
            "search": timed(client, f"{base}?text=duprat+zo", rounds),
            "a month": timed(client, f"{base}?waiting=30", rounds),
            "doubles": timed(client, f"{base}?doubtful=yes", rounds),
        }
        found["memory MB"] = server.memory() / 2**20
        size = (server.var / "filestorage" / "Data.fs").stat().st_size
        found["database MB"] = size / 2**20
        if count <= ACCEPTED:
            found["accept all, s"] = accepted(client, base, count)
    return found


def accepted(client: Client, base: str, count: int) -> float:
    """Accept all that wait in one batch; return the seconds until the last is done."""
    form = {
        "_authenticator": token_of(client.text(base)),
        "action": "accept",
        "scope": "every",
        "state": "pending",
        "counted": str(count),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    begun = time.perf_counter()
    answer = client.send("POST", base, urlencode(form), **headers)
    answer.read()
    batch = urlsplit(answer.headers["Location"]).path
    while True:
        decided = re.search(r'<progress[^>]*value="(\d+)"', client.text(batch))
        if decided and int(decided.group(1)) == count:
            return time.perf_counter() - begun
        time.sleep(1)


def stock(count: int, rounds: int) -> dict[str, float]:
    """Measure the users' control panel of a bare site over ``count`` users."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(STOCK.format(count=count))
        script.flush()
        with bare_classic(Path(script.name)) as server:
            client = basic(server)
            base = f"{client.base}/@@usergroup-userprefs"
            return {
                "page": timed(client, base, max(3, rounds // 4)),
                "search": timed(
                    client, f"{base}?searchstring=duprat", max(3, rounds // 4)
                ),
            }


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    for count in asked.sizes:
        ours, theirs = desk(count, asked.rounds), stock(count, asked.rounds)
        print(f"{count} people, milliseconds where nothing else is said")
        for name, value in ours.items():
            ratio = f"  ({value / theirs[name]:.2f} of stock)" if name in theirs else ""
            print(f"  desk, {name}: {value:.1f}{ratio}")
        for name, value in theirs.items():
            print(f"  stock users’ panel, {name}: {value:.1f}")


if __name__ == "__main__":
    main()
