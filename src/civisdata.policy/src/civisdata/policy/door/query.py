"""What is taken out of addresses before Zope reads them."""

from typing import Any
from urllib.parse import unquote_plus


#: plone.session takes its ticket, and PAS log-in names and passwords, from the query
#: string too, where they end in logs; plone.restapi 10.0.4's summaries read attribute
#: names from the last one.
DROPPED = frozenset(
    {"__ac", "__ac_name", "__ac_password", "summary_serializer_metadata"}
)


def _name(part: str) -> str:
    """Return the bare name of ``name:list=value``, as Zope's form parser reads it."""
    return unquote_plus(part.partition("=")[0]).partition(":")[0].partition(".")[0]


def clean_query(environ: dict[str, Any]) -> None:
    """Drop what must not come by the query string; the rest stays as it was."""
    query = environ.get("QUERY_STRING")
    if query:
        parts = [part for part in query.split("&") if _name(part) not in DROPPED]
        environ["QUERY_STRING"] = "&".join(parts)


def repeats_api(path: str) -> bool:
    """Say whether ``path`` holds ``++api++`` more than once, which costs much time."""
    return path.count("++api++") > 1
