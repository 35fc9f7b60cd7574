"""Headers that every answer carries, also those of errors and files.

The strict policy stands unless a page brings its own: Plone's editing tools (TinyMCE,
Mockup's patterns) need inline scripts and styles, so the pages on which somebody edits
get a looser one.
"""

from civisdata.policy.door.hosts import HOST
from collections.abc import Callable
from zope.component import adapter
from ZPublisher.interfaces import IPubBeforeCommit
import re


#: Folders and files of scripts that lie on the server's disk, never in its database: a
#: file that somebody uploaded to the portal is no script, even where a page names it.
SCRIPTS = (
    "/++resource++civisdata.citizens/",
    "/++resource++civisdata.search/",
    "/++resource++civisdata.territory/",
    "/++resource++civisdata.transfer/",
    "/++resource++civisdata.vault/",
    "/++resource++protect.js",
    "/++theme++civisdata/",
)

#: Pages of visitors and citizens: nothing inline, nothing from elsewhere.
STRICT_POLICY = (
    "default-src 'self'; script-src {scripts}; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

#: Pages with Plone's editing tools.
EDITOR_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

#: What each answer carries unless it brings its own.
DEFAULTS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)

#: Sent over https only: one year.
TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

#: Headers that tell what runs here and help nobody else.
NEEDLESS = frozenset(("x-powered-by",))

THEME = "/++theme++civisdata/"

#: Of what says nothing of itself: it may be somebody's.
PRIVATE = "private, no-store"

_COOKIE_FLAGS = re.compile(r";\s*(httponly|secure|samesite=\w+)\s*(?=;|$)", re.I)


def strict_policy(scheme: str, host: str) -> str:
    """Return the policy for pages of ``scheme://host``, a ``Host`` header."""
    if not HOST.fullmatch(host):
        return STRICT_POLICY.format(scripts="'none'")
    origin = f"{scheme}://{host}"
    return STRICT_POLICY.format(scripts=" ".join(origin + path for path in SCRIPTS))


def guarded_cookie(value: str, scheme: str) -> str:
    """Return a ``Set-Cookie`` of the staff's log-in with the flags that it needs.

    Other cookies get ``Secure`` over https.
    """
    if value.partition("=")[0].strip() == "__ac":
        value = _COOKIE_FLAGS.sub("", value) + "; HttpOnly; SameSite=Lax"
    if scheme == "https" and not re.search(r";\s*secure\s*(;|$)", value, re.I):
        value += "; Secure"
    return value


def _caching(path: str, query: str) -> str | None:
    """Return how long a file of the theme may be kept, or nothing."""
    if not path.startswith(THEME):
        return None
    if query.startswith("v="):
        return "public, max-age=31536000, immutable"
    return "public, max-age=604800"


def _default_caching(status: str, path: str, query: str) -> str | None:
    """Return the ``Cache-Control`` of an answer that says nothing of it."""
    if status.startswith(("200", "304")) and (known := _caching(path, query)):
        return known
    # A 304 leaves what the browser knows as it is.
    return None if status.startswith("304") else PRIVATE


def _host(environ: dict) -> str:
    return environ.get("HTTP_HOST") or environ.get("SERVER_NAME") or ""


def protected(
    headers: list[tuple[str, str]], status: str, environ: dict
) -> list[tuple[str, str]]:
    """Return ``headers`` with what is missing, and without what is needless."""
    kept = [(name, value) for name, value in headers if name.lower() not in NEEDLESS]
    present = {name.lower() for name, _ in kept}
    scheme = environ.get("wsgi.url_scheme") or "http"
    kept = [
        (name, guarded_cookie(value, scheme) if name.lower() == "set-cookie" else value)
        for name, value in kept
    ]
    policy = ("Content-Security-Policy", strict_policy(scheme, _host(environ)))
    defaults = (policy, *DEFAULTS)
    added = [(name, value) for name, value in defaults if name.lower() not in present]
    if scheme == "https" and TRANSPORT[0].lower() not in present:
        added.append(TRANSPORT)
    caching = _default_caching(
        status, environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    )
    if caching and "cache-control" not in present:
        added.append(("Cache-Control", caching))
    return kept + added


def protecting(start_response: Callable, environ: dict) -> Callable:
    """Return a ``start_response`` that adds the headers of every answer.

    ``environ`` is read now: its path is the visitor's, not yet rewritten.
    """
    seen = {
        name: environ.get(name, "")
        for name in (
            "HTTP_HOST",
            "PATH_INFO",
            "QUERY_STRING",
            "SERVER_NAME",
            "wsgi.url_scheme",
        )
    }

    def start(status, headers, *exc_info):
        return start_response(status, protected(headers, status, seen), *exc_info)

    return start


@adapter(IPubBeforeCommit)
def loosen_for_editors(event: IPubBeforeCommit) -> None:
    """Give the pages with Plone's editing tools the policy that these need."""
    request = event.request
    # From ``other`` only: a visitor's form must not be able to say so.
    if request.other.get("civisdata.editing"):
        request.response.setHeader("Content-Security-Policy", EDITOR_POLICY)
