"""Passkeys (WebAuthn level 2), over plain values; ``webauthn`` reads and verifies.

A passkey is bound to the host name of the site, and signs the origin of the page: one
that was made or used on another site is refused.
"""

from civisdata.content import _
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor.record import Passkey
from dataclasses import dataclass
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit
from webauthn import generate_authentication_options
from webauthn import generate_registration_options
from webauthn import options_to_json
from webauthn import verify_authentication_response
from webauthn import verify_registration_response
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.structs import AuthenticatorSelectionCriteria
from webauthn.helpers.structs import PublicKeyCredentialDescriptor
from webauthn.helpers.structs import ResidentKeyRequirement
from webauthn.helpers.structs import UserVerificationRequirement
import hashlib
import logging


logger = logging.getLogger(__name__)

#: How long a person may look for the passkey.
SECONDS = 300
LONGEST_ANSWER = 20_000

_WRONG = _("The passkey could not be used here. Try again, or type a code.")


@dataclass(frozen=True)
class Site:
    """The site that passkeys are for: its host name, and the origin of its pages."""

    name: str
    origin: str


@dataclass(frozen=True)
class Made:
    """A new passkey: id and public key (COSE)."""

    id: bytes
    key: bytes
    count: int


def site_of(url: str) -> Site | None:
    """Return the site of an address; None where browsers give no passkeys.

    They want https and a name; ``localhost`` will do without https.
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    if not name or (parts.scheme != "https" and name != "localhost"):
        return None
    try:
        ip_address(name)
    except ValueError:
        return Site(name, f"{parts.scheme}://{parts.netloc.lower()}")
    return None


def to_make(
    site: Site, challenge: bytes, *, user_id: str, login: str, title: str, known: list
) -> str:
    """Return what the browser needs to make a passkey, as JSON."""
    handle = hashlib.sha256(b"civisdata passkey user\0" + user_id.encode()).digest()
    return options_to_json(
        generate_registration_options(
            rp_id=site.name,
            rp_name=title,
            user_id=handle,
            user_name=login,
            challenge=challenge,
            timeout=SECONDS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_described(known, site),
        )
    )


def to_sign(site: Site, challenge: bytes, known: list[Passkey]) -> str:
    """Return what the browser needs to have a passkey sign, as JSON."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site.name,
            challenge=challenge,
            timeout=SECONDS * 1000,
            allow_credentials=_described(known, site),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def _described(known: list[Passkey], site: Site) -> list:
    return [
        PublicKeyCredentialDescriptor(id=row.id)
        for row in known
        if row.site == site.name
    ]


def registered(answer: str, challenge: bytes, site: Site) -> Made:
    """Verify what a new passkey answered (JSON of the browser); Refused."""
    try:
        found = verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
        )
    # Whatever a forged answer makes its readers stumble over is a wrong answer.
    except Exception as error:
        logger.info("A new passkey was refused: %s", type(error).__name__)
        raise Refused(_WRONG) from None
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def signed_by(
    known: list[Passkey], answer: str, challenge: bytes, site: Site
) -> Passkey:
    """Return the passkey that signed, with its count raised; Refused."""
    try:
        credential = parse_authentication_credential_json(_bounded(answer))
        (passkey,) = [
            row
            for row in known
            if row.id == credential.raw_id and row.site == site.name
        ]
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=passkey.key,
            credential_current_sign_count=passkey.count,
        )
    except Exception as error:
        logger.info("A passkey was refused: %s", type(error).__name__)
        raise Refused(_WRONG) from None
    return replace(passkey, count=found.new_sign_count)


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    return answer
