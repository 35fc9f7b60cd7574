"""TCP ports of this machine."""

from pathlib import Path
import random
import socket


#: Ports that the kernel gives to connections and to whoever asks for any port.
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_ATTEMPTS = 100


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens to.

    It lies below those that the kernel gives away by itself, where there is room:
    nobody is given it before it is listened to, nor while its server restarts.
    """
    for _ in range(_ATTEMPTS):
        port = _candidate()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free TCP port found")


def _candidate() -> int:
    """Return a port to try; 0 (any) where none is left out of the kernel's range."""
    try:
        first = int(_RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    # An own generator: a seed that somebody set must not give two processes one port.
    return random.SystemRandom().randrange(_LOWEST, first) if first > _LOWEST else 0
