"""Codes of authentication apps (RFC 6238): SHA-1, six digits, 30 seconds, as all know."""

from pyotp import random_base32
from pyotp import TOTP
from pyotp.utils import strings_equal
from string import digits
import segno


PERIOD = 30
DIGITS = 6
#: Steps of time before and after the present one whose code is taken.
_DRIFT = 1


def new_secret() -> str:
    """Draw 160 random bits in base 32."""
    return random_base32()


def grouped(secret: str) -> str:
    """Write a secret in groups of four, for who types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def address(secret: str, login: str, issuer: str) -> str:
    """Return the ``otpauth:`` address that apps read."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def picture(text: str) -> str:
    """Draw a QR code as SVG: dark on white in dark pages too."""
    return segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, dark="#000", light="#fff"
    )


def is_form_of_code(symbols: str) -> bool:
    """Say whether these can be a code of an app."""
    return len(symbols) == DIGITS and set(symbols) <= set(digits)


def matching_step(secret: str, code: str, now: float, after: int) -> int | None:
    """Return the step of time of a right code; None for a wrong or used one.

    Steps up to ``after`` are used: a code that somebody overlooked is taken once only.
    """
    current = int(now // PERIOD)
    made = TOTP(secret, digits=DIGITS, interval=PERIOD)
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if strings_equal(made.generate_otp(step), code) and step > after:
            found = step
    return found
