"""A sign-up is taken in, its letter is sent, and its address is confirmed by the link.

Plain functions of the container of spaces and plain values. Whoever looks on can't tell a
known address from an unknown one: both are kept alike, and both get one letter.
"""

from civisdata.content.citizens import letters as registration_letters
from civisdata.content.citizens import registrations
from civisdata.content.citizens.antirobot import Stamp
from civisdata.content.citizens.inviting.arrivals import count_arrival
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.signing import Signer
from civisdata.content.citizens.signup.letters import CONFIRM
from civisdata.content.citizens.signup.waiting import LETTERS
from civisdata.content.citizens.signup.waiting import LETTERS_A_DAY
from civisdata.content.citizens.signup.waiting import room_of
from civisdata.content.citizens.signup.waiting import UNPROVEN
from civisdata.content.citizens.signup.waiting import Waiting
from civisdata.content.mail import send_mail
from civisdata.content.news.dates import long_moment
from civisdata.content.news.dates import PARIS
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from enum import Enum
from plone import api
import hashlib
import hmac
import json


_SIGNER = Signer(b"civisdata sign-up 1\0")
_CONFIRM, _RESEND = "confirm", "resend"
_DAY = 86400


class Limit(Enum):
    """Why a sign-up has to wait, or to come in another way."""

    NETWORK = "network"
    #: Many sign-ups without the browser's computation, from anywhere.
    CROWD = "crowd"


@dataclass(frozen=True)
class Limits:
    """How many sign-ups are taken within an hour (0: any number)."""

    of_network: int
    unproven: int


def limit_reached(
    spaces, secret: bytes, client: str, proven: bool, limits: Limits, now: float
) -> Limit | None:
    """Say which limit keeps a sign-up from ``client`` out, None if none does."""
    counter = registrations.networks_of(spaces)
    if counter.full(secret, client, limits.of_network, now):
        return Limit.NETWORK
    unproven = room_of(spaces).unproven
    if not proven and unproven.full(secret, UNPROVEN, limits.unproven, now):
        return Limit.CROWD
    return None


def load_of(spaces, now: float) -> int:
    """Return how many sign-ups were taken within this hour."""
    return registrations.networks_of(spaces).total(now)


def content_of(secret: bytes, registration: Registration) -> str:
    """Return a keyed hash of a registration: equal ones have the same."""
    text = json.dumps(registration.to_dict(), sort_keys=True)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def take_in(
    spaces,
    registration: Registration,
    consents: Sequence[Consent],
    shown: Sequence[Notice],
    *,
    secret: bytes,
    client: str,
    stamp: Stamp,
    oldest: float,
    days: int,
    proven: bool,
    now: float,
    invitation: str = "",
) -> str:
    """Keep a sign-up until its address is confirmed; return its id.

    ``stamp`` is the form's, which is taken once; ``oldest`` how long a form is good.
    """
    room = room_of(spaces, create=True)
    for notice in shown:
        registrations.remember_text(spaces, notice)
    id = room.add(
        registration,
        consents,
        now,
        days,
        () if proven else (UNPROVEN,),
        invitation,
    )
    content = content_of(secret, registration)
    room.take_form(stamp.nonce, id, content, stamp.moment + oldest)
    registrations.networks_of(spaces, create=True).count(secret, client, now)
    if not proven:
        room.unproven.count(secret, UNPROVEN, now)
    return id


def resend_token(id: str) -> str:
    """Return what lets the page after the form ask for the letter again."""
    return _SIGNER.token(_RESEND, id)


def id_to_resend(token: str) -> str | None:
    """Return the id of a sign-up from such a token; None for any other text."""
    return _SIGNER.id_of(token, _RESEND)


def confirm_token(id: str) -> str:
    """Return what the link of the letter holds."""
    return _SIGNER.token(_CONFIRM, id)


def id_to_confirm(token: str) -> str | None:
    """Return the id of a sign-up from a link; None for any other text."""
    return _SIGNER.id_of(token, _CONFIRM)


def send_letter(site, spaces, id: str, secret: bytes, now: float) -> bool:
    """Write to the address of a sign-up when the transaction commits.

    The link, or « there is one already » to whom it concerns. False where no more may
    be sent, to this sign-up or to this address. Commit raises MailNotSent.
    """
    room = room_of(spaces)
    waiting = room.get(id, now)
    if waiting is None or waiting.letters >= LETTERS:
        return False
    address = waiting.registration.email.casefold()
    if room.letters.full(secret, address, LETTERS_A_DAY, now, _DAY):
        return False
    room.letters.count(secret, address, now, _DAY)
    room.count_letter(id)
    url = site.absolute_url()
    known = registrations.find(spaces, waiting.registration.email) is not None
    until = datetime.fromtimestamp(waiting.until, PARIS)
    subject, text = registration_letters.written(
        registration_letters.ALREADY_KNOWN if known else CONFIRM,
        api.portal.get_default_language(),
        name=waiting.registration.display_name,
        site=site.Title(),
        url=url,
        until=long_moment(until),
        link=f"{url}/@@confirmer-inscription?jeton={confirm_token(id)}",
        forgotten_url=f"{url}/@@mot-de-passe-oublie",
    )
    send_mail(site, waiting.registration.email, subject, text)
    return True


class Outcome(Enum):
    """What a link leads to."""

    #: It can be confirmed, or just was: then ``Confirmed.space`` is set.
    READY = "ready"
    #: It was confirmed before, or there is a registration with this address.
    DONE = "done"
    #: Its time is over, it was erased, or nobody made it.
    OVER = "over"
    #: The commune no longer takes part.
    COMMUNE_LEFT = "left"


@dataclass(frozen=True)
class Found:
    """What stands behind a link."""

    outcome: Outcome
    waiting: Waiting | None = None
    commune: str = ""


def look_up(
    spaces, id: str | None, commune_now: Callable[[str], str | None], now: float
) -> Found:
    """Say what a link leads to; changes nothing.

    ``commune_now`` gives the slug of the commune that a slug stands for today (that
    it was merged into, else its own), None for one that no longer takes part.
    """
    room = room_of(spaces)
    if id is not None and room.was_confirmed(id):
        return Found(Outcome.DONE)
    waiting = None if id is None else room.get(id, now)
    if waiting is None:
        return Found(Outcome.OVER)
    commune = commune_now(waiting.registration.commune)
    if commune is None:
        return Found(Outcome.COMMUNE_LEFT, waiting, waiting.registration.commune)
    return Found(Outcome.READY, waiting, commune)


def confirm(
    spaces, id: str | None, commune_now: Callable[[str], str | None], now: float
) -> tuple[Outcome, object | None]:
    """Confirm the address of a sign-up: it becomes a registration, seen on the desk.

    Returns what came of it, and the new space for READY. Done twice it does no more.
    """
    found = look_up(spaces, id, commune_now, now)
    if found.outcome is not Outcome.READY:
        return found.outcome, None
    waiting = found.waiting
    values = waiting.registration.to_dict() | {"commune": found.commune}
    space = registrations.register(
        spaces,
        Registration.from_dict(values),
        consents=waiting.consents,
        now=datetime.fromtimestamp(now, UTC),
        with_mail=False,
        confirmed=True,
        marks=waiting.marks,
    )
    room_of(spaces).end(id)
    if space is None:
        return Outcome.DONE, None
    count_arrival(spaces, waiting.invitation, now)
    return Outcome.READY, space


def communes_today(communes: Mapping) -> Callable[[str], str | None]:
    """Return ``commune_now`` for the communes of a portal, by slug."""

    def commune_now(slug: str) -> str | None:
        for _step in range(10):
            commune = communes.get(slug)
            if commune is None:
                return None
            if not commune.successor:
                return slug if commune.participating else None
            slug = commune.successor
        return None

    return commune_now
