"""Checks of single values that a person typed."""

from civisdata.content import _
from datetime import date
from zope.i18nmessageid import Message
import hashlib
import re
import unicodedata


#: Longest e-mail address (RFC 5321, 4.5.3.1.3, without the angle brackets).
LONGEST_EMAIL = 254

#: Invisible characters that turn the direction of the text around them.
_DIRECTION = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_LOCAL_PART = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)
_DOMAIN = re.compile(
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)
_FRENCH_DATE = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")


class FieldError(ValueError):
    """A typed value cannot be taken; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def as_list(value) -> list[str]:
    """Return the ticked values of check boxes of one name."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, (list, tuple, set)):
        return [item for item in value if isinstance(item, str) and item]
    return []


def clean_line(value, longest: int) -> str:
    """Return one line of text: normalized, without blanks at its ends.

    Raises FieldError where it is longer than ``longest`` characters, or holds control
    characters (line ends too) or characters that turn the direction of text.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FieldError(_("This field takes one value."))
    text = unicodedata.normalize("NFC", value.strip())
    if any(_unwanted(character) for character in text):
        raise FieldError(_("This field holds characters that can't be taken."))
    text = re.sub(r"\s+", " ", text)
    if len(text) > longest:
        raise FieldError(
            _(
                "This is too long: ${longest} characters at most.",
                mapping={"longest": longest},
            )
        )
    return text


def _unwanted(character: str) -> bool:
    return character in _DIRECTION or unicodedata.category(character) in (
        "Cc",
        "Cn",
        "Co",
        "Cs",
        "Zl",
        "Zp",
    )


def parse_email(value) -> str:
    """Return an address that mail can be sent to; the domain in its ASCII form.

    Raises FieldError.
    """
    text = clean_line(value, LONGEST_EMAIL)
    if not text:
        raise FieldError(_("Give your e-mail address."))
    wrong = FieldError(
        _("This is not a complete e-mail address, such as prenom.nom@exemple.fr.")
    )
    local, at, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise wrong from None
    if (
        not at
        or len(local) > 64
        or not _LOCAL_PART.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise wrong
    return f"{local}@{domain}"


def email_key(email: str) -> str:
    """Return the hash by which equal addresses are found, without regard to case."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


def parse_birth_date(text: str, today: date) -> date:
    """Read « 1980-12-31 » or « 31/12/1980 »; FieldError where it can't be a birthday."""
    found = _FRENCH_DATE.fullmatch(text)
    try:
        if found:
            day, month, year = (int(part) for part in found.groups())
            born = date(year, month, day)
        else:
            born = date.fromisoformat(text)
    except ValueError:
        raise FieldError(
            _("Write the date as day/month/year, such as 31/12/1980.")
        ) from None
    if born > today:
        raise FieldError(_("This date is in the future."))
    if today.year - born.year > 130:
        raise FieldError(_("Check the year of this date."))
    return born


def fold(text: str) -> str:
    """Return ``text`` without accents, case and punctuation, for sorting and search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))
