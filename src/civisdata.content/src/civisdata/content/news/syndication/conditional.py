"""Conditional requests (RFC 9110, 13): answer 304 for what a reader has already."""

from datetime import datetime
from datetime import UTC
from email.utils import format_datetime
from email.utils import parsedate_to_datetime
import hashlib


def entity_tag(body: bytes) -> str:
    """Return the strong entity tag of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def is_known(
    tag: str, changed: datetime, if_none_match: str, if_modified_since: str
) -> bool:
    """Say whether the reader has this version; the tag decides where both are sent."""
    if if_none_match:
        sent = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
        return tag in sent or "*" in sent
    try:
        since = parsedate_to_datetime(if_modified_since)
    except (TypeError, ValueError):
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return changed.replace(microsecond=0) <= since


def send(request, body: bytes, kind: str, changed: datetime, seconds: int) -> bytes:
    """Set the headers of a public answer that may be kept for ``seconds``; its body.

    The body is empty, and the status 304, where the reader has it.
    """
    response, tag = request.response, entity_tag(body)
    response.setHeader("ETag", tag)
    response.setHeader("Last-Modified", http_date(changed))
    response.setHeader("Cache-Control", f"public, max-age={seconds}")
    known = is_known(
        tag,
        changed,
        request.get_header("If-None-Match", "") or "",
        request.get_header("If-Modified-Since", "") or "",
    )
    if known:
        response.setStatus(304)
        return b""
    response.setHeader("Content-Type", kind)
    return body
