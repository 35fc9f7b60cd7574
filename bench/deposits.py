"""A batch deposit: dry run and delivery of many lines, time and peak memory.

    venv/bin/python bench/deposits.py [--lines 1000] [--kilobytes 60]

Stock Plone has nothing like it, so there is no baseline. Each line goes to a citizen of
its own, as an agent of the demo directory would send it through the form.
"""

from civisdata.policy.operations.ports import free_port
from html import unescape
from pathlib import Path
from servers import end
from servers import PeakMemory
from servers import Server
from servers import start_civisdata
from servers import wait_for
import argparse
import io
import os
import re
import requests
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile


PLACE = "/communes/bordeaux/@@deposer-lot"
MEGA = 1024 * 1024


def recipients(var: Path, count: int) -> list[str]:
    """Make citizens in the data of the stopped server; give their log-ins."""
    done = subprocess.run(
        [
            sys.executable,
            str(Path(__file__).parent / "make_recipients.py"),
            str(count),
        ],
        env={**os.environ, "VAR": str(var)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"no citizens: {done.stderr[-600:]}")
    return done.stdout.split()


def hidden(page: str, name: str) -> str:
    return unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1])


def batch(logins: list[str], kilobytes: int) -> tuple[bytes, bytes]:
    """Give the table and the ZIP: a document of its own for each citizen."""
    stream, lines = io.BytesIO(), ["destinataire;fichier;titre"]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number, login in enumerate(logins):
            data = b"%PDF-1.7\n" + os.urandom(kilobytes * 1024)
            archive.writestr(f"avis-{number}.pdf", data)
            lines.append(f"{login};avis-{number}.pdf;Avis {number}")
    return "\n".join(lines).encode(), stream.getvalue()


def log_in(url: str, var: Path) -> requests.Session:
    """Log the agent of Bordeaux in."""
    rows = (var / "first-logins.txt").read_text().splitlines()
    row = next(row for row in rows if row.startswith("agent-33063 "))
    http = requests.Session()
    page = http.get(f"{url}/@@login").text
    http.post(
        f"{url}/@@login",
        data={
            "_authenticator": hidden(page, "_authenticator"),
            "login": row.split(" ", 2)[1],
            "password": row.split(" ", 2)[2],
            "action": "log-in",
        },
    )
    return http


def press(http: requests.Session, url: str, page: str, action: str) -> str:
    """Press a button of the report's form; give the answer."""
    names = ("_authenticator", "batch", "key")
    values = {name: hidden(page, name) for name in names}
    return http.post(url + PLACE, data={"action": action, **values}).text


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--kilobytes", type=int, default=60)
    asked = parser.parse_args()
    var = Path(tempfile.mkdtemp(prefix="civis-bench-"))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = start_civisdata(var, port, LDAP="demo")
    try:
        wait_for(f"{url}/", process, 600)
        end(process)
        table, files = batch(recipients(var, asked.lines), asked.kilobytes)
        process = start_civisdata(var, port, LDAP="demo")
        wait_for(f"{url}/", process, 600)
        pid = int((var / "zope.pid").read_text())
        server = Server(url, pid, var, ("", ""))
        http = log_in(url, var)
        page = http.get(url + PLACE).text
        with PeakMemory(server) as memory:
            started = time.monotonic()
            report = http.post(
                url + PLACE,
                data={
                    "action": "check",
                    "_authenticator": hidden(page, "_authenticator"),
                },
                files={"table": ("t.csv", table), "files": ("f.zip", files)},
            ).text
            dry = time.monotonic() - started
        size = len(files) / MEGA
        print(
            f"dry run: {asked.lines} lines, {size:.0f} MB: {dry:.1f} s "
            f"({1000 * dry / asked.lines:.1f} ms a line), "
            f"{memory.over / MEGA:.0f} MB over idle"
        )
        with PeakMemory(server) as memory:
            started = time.monotonic()
            page = press(http, url, report, "deliver")
            while 'value="progress"' in page:
                time.sleep(0.2)
                page = press(http, url, page, "progress")
            seconds = time.monotonic() - started
        receipts = press(http, url, page, "receipts").splitlines()
        if len(receipts) != asked.lines:
            raise RuntimeError(f"{len(receipts)} lines were delivered")
        print(
            f"delivery by the worker: {seconds:.1f} s "
            f"({1000 * seconds / asked.lines:.1f} ms a line), "
            f"{memory.over / MEGA:.0f} MB over idle"
        )
    finally:
        end(process)
        shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    main()
