"""The outermost WSGI filter: the portal is the root of the URL space.

Every path is rewritten to lie below the portal, with Zope's VirtualHostMonster, so
that ``/`` is the portal's home page and the Zope root is not reachable.
"""

from civisdata.content.citizens.cookies import take_cookie
from civisdata.policy.door.query import clean_query
from civisdata.policy.door.query import repeats_api
from collections.abc import Callable
from collections.abc import Iterable


class Door:
    """WSGI filter in front of Zope."""

    def __init__(self, app: Callable, site: str) -> None:
        self.app = app
        self.site = site

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        take_cookie(environ)
        clean_query(environ)
        if repeats_api(environ.get("PATH_INFO", "")):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"Not found"]
        scheme = environ.get("wsgi.url_scheme", "http")
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name, port = host, "443" if scheme == "https" else "80"
        environ["PATH_INFO"] = (
            f"/VirtualHostBase/{scheme}/{name}:{port}/{self.site}/VirtualHostRoot"
            + (environ.get("PATH_INFO") or "/")
        )
        return self.app(environ, start_response)


def make_filter(global_conf: dict, site: str) -> Callable:
    """PasteDeploy filter factory; ``site`` is the id of the portal."""
    return lambda app: Door(app, site)
