"""What the fields of a commune take; each rule raises ``Invalid`` with the reason."""

from civisdata.content import _
from civisdata.content.territory import hours
from civisdata.content.territory.services import ServiceError
from civisdata.content.territory.services import services_from_json
from civisdata.theme.charter import Charter
from civisdata.theme.charter import Pair
from civisdata.theme.charter import shortfalls
from civisdata.theme.colours import HEX
from civisdata.theme.logo import LogoError
from civisdata.theme.logo import media_type
from dataclasses import replace
from urllib.parse import urlsplit
from zope.interface import Invalid
from zope.schema import ValidationError
import re


#: Longest address of a web page.
LONGEST_URL = 300

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e]")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_HOST = re.compile(
    r"(?=.{4,190}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)

LOGO_REASONS = {
    "too-large": _("The logo is too large: 200 KB and 4,000 pixels at most."),
    "unknown": _("The logo has to be a PNG or SVG file."),
    "broken": _("The file of the logo is damaged."),
    "active": _(
        "This SVG holds scripts, links or other things than drawing: it is refused."
    ),
}


class _Refused(ValidationError):
    """A value that a rule refuses; forms and services show the reason."""

    def __init__(self, reason) -> None:
        super().__init__(reason)
        self.reason = reason

    def doc(self):
        return self.reason


def _refuse(reason) -> None:
    raise _Refused(reason)


def is_text(value: str) -> bool:
    if _CONTROL.search(value):
        _refuse(_("The text holds characters that can't be shown."))
    return True


def is_insee_code(value: str) -> bool:
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", value):
        _refuse(_("An INSEE code has five characters, such as 33063."))
    return True


def is_postal_code(value: str) -> bool:
    if not re.fullmatch(r"[0-9]{5}", value):
        _refuse(_("A postal code has five digits, such as 33000."))
    return True


def is_year(value: str) -> bool:
    if not re.fullmatch(r"(19|20|21)[0-9]{2}", value):
        _refuse(_("A year has four digits, such as 2023."))
    return True


def is_phone(value: str) -> bool:
    digits = re.sub(r"[\s.\u00a0\u202f()-]", "", value)
    if len(value) > 30 or not re.fullmatch(r"\+?[0-9]{3,15}", digits):
        _refuse(_("A telephone number holds digits, such as 05 56 00 00 00."))
    return True


def is_email(value: str) -> bool:
    domain = value.rpartition("@")[2].lower()
    if not _EMAIL.fullmatch(value) or not _HOST.fullmatch(domain):
        _refuse(_("An e-mail address looks like contact@exemple.fr."))
    return True


def is_https(value: str) -> bool:
    """Take the address of a public page: https, a name of a site, no password."""
    try:
        parts = urlsplit(value)
        right = (
            len(value) <= LONGEST_URL
            and value.isascii()
            and not re.search(r"[\s\"'<>\\^`{|}]", value)
            and parts.scheme == "https"
            and "@" not in parts.netloc
            and parts.port in (None, 443)
            and _HOST.fullmatch((parts.hostname or "").lower())
        )
    except ValueError:
        right = False
    if not right:
        _refuse(_("The address of a site begins with https://."))
    return True


def are_hours(value: object) -> bool:
    try:
        hours.from_json(value)
    except hours.HoursError:
        _refuse(_("These opening hours can't be read."))
    return True


def are_services(value: object) -> bool:
    try:
        for service in services_from_json(value):
            for text in (service.name, service.hours):
                is_text(text)
            if service.phone:
                is_phone(service.phone)
            if service.link:
                is_https(service.link)
    except ServiceError:
        _refuse(_("These services can't be read."))
    return True


def is_logo(value) -> bool:
    try:
        kind = media_type(value.data)
    except LogoError as error:
        _refuse(LOGO_REASONS[error.reason])
    if value.contentType != kind:
        _refuse(LOGO_REASONS["unknown"])
    return True


def is_colour(value: str) -> bool:
    if HEX.match(value) is None:
        _refuse(_("A colour has six digits or letters a to f after #, as in #6d1233."))
    return True


def charter_of(base: Charter, main: str | None, second: str | None) -> Charter:
    """Return the portal's charter with the two colours of a commune in it."""
    return replace(base, primary=main or base.primary, river=second or base.river)


def too_pale(base: Charter, main: str | None, second: str | None) -> list[Pair]:
    """Return the pairs below WCAG 2.2 AA that the two colours bring about."""
    mine = {"primary": main, "river": second}
    return [
        short
        for short in shortfalls(charter_of(base, main, second))
        if mine.get(short.colour)
    ]


def ratio_text(value: float) -> str:
    """Return a ratio with one decimal, never rounded up over a limit."""
    return f"{int(value * 10) / 10:.1f}".replace(".", ",")


def check_colours(base: Charter, main: str | None, second: str | None) -> None:
    """Raise ``Invalid`` where one of the colours can't be read by all."""
    for colour in (main, second):
        if colour and HEX.match(colour) is None:
            return  # said by the field
    for short in too_pale(base, main, second):
        raise Invalid(
            _(
                "A colour of the commune is too pale: contrast ${ratio} to 1; at least "
                "${wanted} to 1 is needed to be read by all.",
                mapping={
                    "ratio": ratio_text(short.ratio),
                    "wanted": ratio_text(short.wanted),
                },
            )
        )
