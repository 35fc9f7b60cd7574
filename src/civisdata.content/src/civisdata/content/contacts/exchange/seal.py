"""A seal that ties « apply » to the very file and report that somebody has seen."""

from civisdata.content.contacts.exchange.plan import Line
from hashlib import sha256
from plone.keyring.interfaces import IKeyManager
from zope.component import getUtility
import hmac
import json


def seal(data: bytes, lines: list[Line], user: str, place: str, publish: bool) -> str:
    """Return the seal of a dry run: of its file, its report, its reader, its place."""
    report = [
        (line.number, line.status, line.publisher, line.id, sorted(line.changes))
        for line in lines
    ]
    said = json.dumps([sha256(data).hexdigest(), report, user, place, publish])
    secret = getUtility(IKeyManager).secret("_system").encode()
    return hmac.new(secret, b"contacts-import\n" + said.encode(), sha256).hexdigest()


def holds(given: object, right: str) -> bool:
    """Return whether a seal that was sent is the right one."""
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(), right.encode()
    )
