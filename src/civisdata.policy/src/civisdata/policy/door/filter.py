"""The outermost WSGI filter: the portal is the root of the URL space.

Every path is rewritten to lie below the portal, with Zope's VirtualHostMonster, so
that ``/`` is the portal's home page and the Zope root is not reachable.
"""

from civisdata.content.citizens.cookies import take_cookie
from civisdata.content.citizens.journal.visits import HEAD_KEY
from civisdata.policy.door.headers import protecting
from civisdata.policy.door.hosts import is_known_host
from civisdata.policy.door.hosts import is_virtual_host_path
from civisdata.policy.door.hosts import parse_hosts
from civisdata.policy.door.query import clean_query
from civisdata.policy.door.query import repeats_api
from collections.abc import Callable
from collections.abc import Iterable
import os


class Door:
    """WSGI filter in front of Zope."""

    def __init__(self, app: Callable, site: str, hosts: frozenset[str]) -> None:
        self.app = app
        self.site = site
        self.hosts = hosts

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        start_response = protecting(start_response, environ)
        take_cookie(environ)
        clean_query(environ)
        path = environ.get("PATH_INFO", "")
        if repeats_api(path) or is_virtual_host_path(path):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"Not found"]
        scheme = environ.get("wsgi.url_scheme", "http")
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        if not is_known_host(host, self.hosts):
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"Unknown host"]
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name, port = host, "443" if scheme == "https" else "80"
        environ["PATH_INFO"] = (
            f"/VirtualHostBase/{scheme}/{name}:{port}/{self.site}/VirtualHostRoot"
            + (environ.get("PATH_INFO") or "/")
        )
        if environ["REQUEST_METHOD"] == "HEAD":
            return self._head(environ, start_response)
        return self.app(environ, start_response)

    def _head(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Answer HEAD as GET without the body (RFC 9110, 9.3.2).

        Zope looks for a method of that name, which pages do not have.
        """
        environ["REQUEST_METHOD"] = "GET"
        environ[HEAD_KEY] = True
        body = self.app(environ, start_response)
        if hasattr(body, "close"):
            body.close()
        return []


def make_filter(global_conf: dict, site: str) -> Callable:
    """PasteDeploy filter factory; ``site`` is the id of the portal.

    ``CIVIS_HOSTS`` names the hosts it answers to, beside this machine.
    """
    hosts = parse_hosts(os.environ.get("CIVIS_HOSTS", ""))
    return lambda app: Door(app, site, hosts)
