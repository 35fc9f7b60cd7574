"""Which host names the portal answers to.

Links in mails are made from the request's ``Host``: a foreign one would let an attacker
send a victim a log-in link of his own (ASVS 4.1.3).
"""

from civisdata.content.citizens.cookies import is_loopback
from collections.abc import Iterable
import re


#: RFC 9110 section 7.2, without the userinfo that URLs could smuggle in.
HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")

#: First segments of a path that VirtualHostMonster would take for its own.
VIRTUAL_HOST_SEGMENTS = ("VirtualHostBase", "VirtualHostRoot")


def host_name(host: str) -> str:
    """Return the name of a ``Host`` header, without its port, in lower case."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def parse_hosts(value: str) -> frozenset[str]:
    """Return the host names of a comma or space separated list.

    >>> sorted(parse_hosts("civis.example, www.civis.example"))
    ['civis.example', 'www.civis.example']
    """
    return frozenset(value.lower().replace(",", " ").split())


def is_known_host(host: str, hosts: Iterable[str]) -> bool:
    """Say whether the portal answers to ``host``: one of ``hosts``, or this machine."""
    if not HOST.fullmatch(host):
        return False
    return host_name(host) in hosts or is_loopback(host)


def is_virtual_host_path(path: str) -> bool:
    """Say whether a path from outside holds what only the filter may put there."""
    return any(
        segment in VIRTUAL_HOST_SEGMENTS or segment.startswith("_vh_")
        for segment in path.split("/")
    )
