"""What the portal's error log keeps of a request: where it failed, never what was sent.

Zope's own log keeps the whole request for whoever may read it: the fields of forms (it
knows passwords by the letters « passw » alone), names of uploaded files and cookies.
Messages of exceptions and Chameleon's list of a template's variables go into the log
file as well. Importing this module replaces that, for every error log there is.
"""

from civisdata.content.citizens.cookies import ENVIRON_KEY
from Products.SiteErrorLog.SiteErrorLog import SiteErrorLog
import traceback


_raising = SiteErrorLog.raising

#: In place of the message of an error, which may quote what somebody wrote.
WITHHELD = "(message withheld)"


def is_private(request) -> bool:
    """Say whether a request brought a citizen's session, or something typed."""
    if request is None or not hasattr(request, "environ"):
        return False
    return ENVIRON_KEY in request.environ or request.get("REQUEST_METHOD") != "GET"


def places(trace) -> str:
    """Return files, lines and functions of a traceback, without any value."""
    return "Traceback\n" + "".join(
        f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
        for frame in traceback.extract_tb(trace, limit=-60)
    )


def raising(self, info):
    """Log an error as ``SiteErrorLog.raising`` does, without what a visitor sent."""
    if is_private(getattr(self, "REQUEST", None)) and not isinstance(info[2], str):
        kind = getattr(info[0], "__name__", str(info[0]))
        info = (info[0], WITHHELD, f"{places(info[2])}{kind}: {WITHHELD}")
    address = _raising(self, info)
    for entry in self._getLog():
        # The whole request as it was printed: form, cookies, environment.
        entry["req_html"] = ""
    return address


SiteErrorLog.raising = raising
