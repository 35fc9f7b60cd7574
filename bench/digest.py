"""A digest to many readers: mails a second, peak memory, queries of the catalog.

    venv/bin/python bench/digest.py [--readers 10000] [--news 20]

Stock Plone has nothing like it, so there is no baseline. A portal of its own is created
in a temporary folder; the mails go through a real SMTP dialogue to a server in a process
of its own, which throws them away.
"""

from civisdata.policy.operations.ports import free_port
from pathlib import Path
from servers import end
from servers import start_civisdata
from servers import wait_for
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile


SINK = """
from aiosmtpd.controller import Controller
import sys

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 kept"

controller = Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--news", type=int, default=20)
    asked = parser.parse_args()
    var = Path(tempfile.mkdtemp(prefix="civis-bench-"))
    port, mail = free_port(), free_port()
    process = start_civisdata(var, port)
    sink = subprocess.Popen(
        [sys.executable, "-c", SINK, str(mail)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process, 600)
        end(process)
        sink.stdout.readline()
        done = subprocess.run(
            [
                sys.executable,
                str(Path(__file__).parent / "send_digest.py"),
                *map(str, (asked.readers, asked.news, mail)),
            ],
            env={**os.environ, "VAR": str(var)},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-800:])
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{found['sent']} mails in {found['seconds']:.1f} s "
            f"({found['sent'] / found['seconds']:.0f} a second), "
            f"{found['queries']} queries of the news, "
            f"{found['megabytes']:.0f} MB over the start; "
            f"again: {found['again']:.1f} s and {found['twice']} mails"
        )
    finally:
        end(process)
        sink.stdin.close()
        sink.wait(30)
        shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    main()
