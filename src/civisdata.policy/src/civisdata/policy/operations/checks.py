"""What has to be true before a server starts; each failure is one clear line."""

import errno
import socket


class CheckFailed(Exception):
    """A precondition does not hold; the message says which and what to do."""


def port_is_free(host: str, port: int) -> None:
    """Raise ``CheckFailed`` when ``host:port`` cannot be listened to."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CheckFailed(
                    f"port {port} of {host} is taken; choose another with PORT=."
                ) from None
            raise CheckFailed(f"cannot listen to {host}:{port}: {error}.") from None
