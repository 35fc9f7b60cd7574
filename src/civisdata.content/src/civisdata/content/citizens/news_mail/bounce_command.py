"""Hand a report of failure to the portal, as a mail server's pipe transport does:

    python -m civisdata.content.citizens.news_mail.bounce_command URL RECIPIENT < mail

``URL``: the portal as this machine reaches it, such as http://127.0.0.1:8080; RECIPIENT:
the address of the envelope. Ends with 0 once the portal has taken it, 75 (EX_TEMPFAIL)
where it can't be reached, so that the mail server tries again, and 64 for wrong arguments.
"""

from civisdata.content.citizens.news_mail.bounces import LARGEST
from collections.abc import Sequence
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request
from urllib.request import urlopen
import sys


USAGE, TRY_AGAIN = 64, 75
TIMEOUT = 60


def main(arguments: Sequence[str], mail: BinaryIO) -> int:
    """Send one report; return the exit code."""
    if len(arguments) != 2 or not arguments[0].startswith(("http://", "https://")):
        print(__doc__, file=sys.stderr)
        return USAGE
    url, recipient = arguments
    query = urlencode({"adresse": recipient})
    request = Request(  # noqa: S310
        f"{url.rstrip('/')}/@@courriel-revenu?{query}",
        data=mail.read(LARGEST),
        headers={"Content-Type": "message/rfc822"},
    )
    try:
        with urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return 0
    except HTTPError as error:
        return TRY_AGAIN if error.code >= 500 else 0
    except (URLError, OSError):
        return TRY_AGAIN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer))
