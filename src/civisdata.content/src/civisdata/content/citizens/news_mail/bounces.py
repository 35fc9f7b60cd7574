"""Mails that come back: reports of failure (RFC 3464), and what follows from them.

A report is believed only if it comes to a return address that the portal has signed. One
mail counts once, and one day once, so that a mailbox that is out of order for an hour is
not given up. After ``MOST`` hard failures within ``DAYS`` days no more mail is sent,
and the space says so.
"""

from civisdata.content.citizens.news_mail import tokens
from civisdata.content.citizens.news_mail.arrivals import DAY
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.structure import get_spaces
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email import policy
from email.message import EmailMessage
import re


#: Hard failures after which mail stops, and within how many days.
MOST = 3
DAYS = 30

#: Bytes of a report that are read.
LARGEST = 1_000_000

#: Headers that name the address which a report came to.
_ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To")

_STATUS = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})")


@dataclass(frozen=True)
class Report:
    """What a report says: the address it came to, and whether the failure is for good."""

    space_id: str
    issue: int
    hard: bool


def read(data: bytes, recipient: str = "") -> Report | None:
    """Return what a report says; None for what is none, or comes to a forged address.

    ``recipient``: the envelope's, where it is known; else headers are looked at.
    """
    message = message_from_bytes(data[:LARGEST], policy=policy.default)
    found = next(
        filter(None, map(tokens.of_return_address, _to(message, recipient))), None
    )
    if found is None:
        return None
    rows = list(_rows(message))
    if not rows:
        return None
    hard = any(action == "failed" and _is_hard(status) for action, status in rows)
    return Report(*found, hard=hard)


def _to(message: EmailMessage, recipient: str) -> Iterator[str]:
    if recipient:
        yield recipient
        return
    for name in _ADDRESSED:
        for value in message.get_all(name, ()):
            yield from re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", str(value))


def _rows(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Yield action and status for each recipient of a report."""
    if message.get_content_type() != "multipart/report":
        return
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if "Action" in block:
                action = str(block["Action"]).strip().lower()
                yield action, str(block.get("Status", ""))


def _is_hard(status: str) -> bool:
    """Say whether the address is at fault, for good.

    5.7 is left out: a refusal of what we sent says nothing of the address.
    """
    found = _STATUS.match(status.strip())
    return found is not None and found[1] == "5" and found[2] != "7"


def take_in(site, data: bytes, recipient: str, now: float) -> bool:
    """Count a report; say whether it was one that counts."""
    report = read(data, recipient)
    if report is None or not report.hard:
        return False
    count(site, report.space_id, report.issue, now)
    return True


def count(site, space_id: str, issue: int, now: float) -> None:
    """Count a hard failure of an issue; at the ``MOST``-th, turn mail off."""
    space = get_spaces(site).get_space(space_id)
    if space is None:
        return
    book = get_book(site, create=True)
    since = now - DAYS * DAY
    failed = {
        number: at for number, at in book.bounces.get(space_id, ()) if at >= since
    }
    if issue in failed or any(at >= now - DAY for at in failed.values()):
        return
    failed[issue] = now
    book.bounces[space_id] = tuple(failed.items())[-MOST:]
    if len(failed) >= MOST:
        turn_off(space)
        book.stopped[space_id] = now
