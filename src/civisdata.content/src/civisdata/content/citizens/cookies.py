"""The cookie of a citizen's session, in and out.

On https it is ``__Host-civis``. A browser takes that name only with ``Secure``; on plain
http, which is allowed on the machine itself only, it is ``civis``.
"""

from ipaddress import ip_address
from typing import Any
import base64
import binascii


SECURE_NAME = "__Host-civis"
LOCAL_NAME = "civis"
ENVIRON_KEY = "civisdata.session"

#: By what a browser is known again that somebody has logged in with (see ``devices``).
DEVICE_KEY = "civisdata.device"
#: Name → path: the cookie doesn't come along to public pages, which caches then keep.
_DEVICE_PATHS = {"civis-appareil": "/@@login", "civis-appareil-espace": "/espaces"}
#: Browsers keep no cookie for longer.
_DEVICE_SECONDS = 400 * 86400

#: Name of a cookie → whether https is needed, and the place in the environment.
_COOKIES = {
    SECURE_NAME: (True, ENVIRON_KEY),
    LOCAL_NAME: (False, ENVIRON_KEY),
    **{f"__Secure-{name}": (True, DEVICE_KEY) for name in _DEVICE_PATHS},
    **dict.fromkeys(_DEVICE_PATHS, (False, DEVICE_KEY)),
}


class SessionCookie:
    """The 32 bytes of a session's cookie; prints nothing of them."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return "<SessionCookie (redacted)>"

    def __reduce__(self):
        raise TypeError("a SessionCookie is never pickled")


def encode(secret: bytes) -> str:
    """Write the value of the cookie."""
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def decode(value: str) -> bytes | None:
    """Read the value of the cookie; None where it has another form."""
    if len(value) != 43:
        return None
    try:
        secret = base64.b64decode(value + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if encode(secret) == value else None


def is_loopback(host: str) -> bool:
    """Say whether ``host`` (a ``Host`` header) names this very machine."""
    name = host.strip().lower()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def take_cookie(environ: dict[str, Any]) -> None:
    """Move our cookies out of the WSGI ``environ``'s headers, before Zope sees them.

    Zope's error log prints cookies. What is found lies in ``environ`` as a
    ``SessionCookie`` under ``civisdata.session`` and ``civisdata.device``; a value that a
    client sends under these names as a header can't arrive there.
    """
    environ.pop(ENVIRON_KEY, None)
    environ.pop(DEVICE_KEY, None)
    header = environ.get("HTTP_COOKIE")
    if not header:
        return
    secure = environ.get("wsgi.url_scheme") == "https"
    kept, found = [], {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        needs_https, key = _COOKIES.get(name.strip(), (None, ""))
        if not key:
            kept.append(part.strip())
        elif needs_https == secure and key not in found:
            found[key] = decode(value.strip().strip('"'))
    if kept:
        environ["HTTP_COOKIE"] = "; ".join(kept)
    else:
        del environ["HTTP_COOKIE"]
    if secure or is_loopback(environ.get("HTTP_HOST", "")):
        for key, secret in found.items():
            if secret is not None:
                environ[key] = SessionCookie(secret)


def _secure(request) -> bool:
    return request.get("SERVER_URL", "").startswith("https://")


def may_log_in(request) -> bool:
    """Say whether a citizen may log in over this connection (https, or this machine)."""
    return _secure(request) or is_loopback(request.get("HTTP_HOST", ""))


def set_cookie(request, secret: bytes) -> None:
    """Send the cookie with the response to ``request``."""
    secure = _secure(request)
    request.response.setCookie(
        SECURE_NAME if secure else LOCAL_NAME,
        encode(secret),
        path="/",
        http_only=True,
        secure=secure,
        same_site="Strict",
    )


def set_device_cookie(request, secret: bytes) -> None:
    """Send the cookie that a browser is known again by; it opens nothing."""
    secure = _secure(request)
    for name, path in _DEVICE_PATHS.items():
        request.response.setCookie(
            f"__Secure-{name}" if secure else name,
            encode(secret),
            path=path,
            http_only=True,
            secure=secure,
            same_site="Strict",
            max_age=_DEVICE_SECONDS,
        )


def expire_cookie(request) -> None:
    """Tell the browser to forget the cookie."""
    secure = _secure(request)
    request.response.expireCookie(
        SECURE_NAME if secure else LOCAL_NAME,
        path="/",
        http_only=True,
        secure=secure,
        same_site="Strict",
    )
