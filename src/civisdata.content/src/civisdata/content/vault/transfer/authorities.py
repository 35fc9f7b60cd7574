"""Other authorities that run Civis Data: to whom archives go, by whom they are signed."""

from civisdata.content import _
from civisdata.content.citizens import bech32
from civisdata.content.vault.transfer.portal_keys import recipient
from civisdata.content.vault.transfer.portal_keys import signing_publics
from civisdata.content.vault.transfer.signatures import fingerprint
from dataclasses import dataclass
from dataclasses import replace
from plone.registry.interfaces import IRegistry
from zope import schema
from zope.component import getUtility
from zope.component import queryUtility
from zope.interface import Interface
from zope.interface import Invalid
import re


PREFIX = "civisdata.transfer"
_KEY = re.compile(r"[0-9a-f]{64}")
_URL = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[!-~]*)?")


@dataclass(frozen=True)
class Authority:
    """``recipient``: its age address; ``signing_key``: Ed25519, hexadecimal."""

    name: str
    url: str
    recipient: str
    signing_key: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.recipient)

    @property
    def line(self) -> str:
        """As webmasters write it into the settings."""
        return " | ".join((self.name, self.url, self.recipient, self.signing_key))


def is_recipient(text: str) -> bool:
    """Say whether ``text`` is an age X25519 address."""
    try:
        return len(bech32.decode("age", text)) == 32
    except ValueError:
        return False


def parse_authority(line: str) -> Authority:
    """Read a line of the settings; ValueError."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 4 or not parts[0]:
        raise ValueError("name | address | age1… | signing key")
    found = Authority(parts[0], parts[1], parts[2].lower(), parts[3].lower())
    if not is_recipient(found.recipient) or not _KEY.fullmatch(found.signing_key):
        raise ValueError("a key isn't one")
    return found


class InvalidAuthority(Invalid):
    """A line that isn't « name | address | age1… | signing key »."""


def is_authority(line: str) -> bool:
    """Constraint of the setting."""
    try:
        parse_authority(line)
    except ValueError:
        raise InvalidAuthority(line) from None
    return True


class ITransferSettings(Interface):
    """What webmasters set for transfers."""

    authorities = schema.List(
        title=_("Other authorities that run Civis Data"),
        description=_(
            "One a line, as their page @@cle-de-transfert shows it: "
            "name | address | age1… | signing key"
        ),
        value_type=schema.TextLine(constraint=is_authority),
        required=False,
        default=[],
        missing_value=[],
    )


def authorities() -> list[Authority]:
    """Give the known authorities; lines that aren't well formed are left out."""
    registry = queryUtility(IRegistry)
    lines = registry.get(f"{PREFIX}.authorities", ()) if registry is not None else ()
    found = []
    for line in lines or ():
        try:
            found.append(parse_authority(line))
        except ValueError:
            continue
    return found


#: Authorities that a portal knows at most.
MAX_AUTHORITIES = 200


class BadAuthority(ValueError):
    """``reason``: ``line``, ``name``, ``url``, ``own``, ``known`` or ``many``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def add_authority(line: str, name: str = "") -> Authority:
    """Know the authority of a line, under ``name`` if it is given; BadAuthority.

    An address or a key that another known authority has is refused: two names for one key
    would make the one of an archive's sender a matter of order.
    """
    if "\n" in line or "\r" in line:
        raise BadAuthority("line")
    try:
        said = parse_authority(line)
    except ValueError:
        raise BadAuthority("line") from None
    found = replace(said, name=" ".join((name or said.name).split()))
    if not found.name or len(found.name) > 120 or not found.name.isprintable():
        raise BadAuthority("name")
    if "|" in found.name or len(found.url) > 300 or not _URL.fullmatch(found.url):
        raise BadAuthority("url" if "|" not in found.name else "name")
    if found.recipient == recipient() or is_ours(found.signing_key):
        raise BadAuthority("own")
    known = authorities()
    if len(known) >= MAX_AUTHORITIES:
        raise BadAuthority("many")
    for one in known:
        same = (one.recipient, one.signing_key)
        if found.recipient in same or found.signing_key in same:
            raise BadAuthority("known")
        if one.name.casefold() == found.name.casefold():
            raise BadAuthority("known")
    _keep([*known, found])
    return found


def drop_authority(recipient: str) -> Authority | None:
    """Forget the authority with this age address; give it, None where it is unknown."""
    known = authorities()
    gone = next((one for one in known if one.recipient == recipient), None)
    if gone is not None:
        _keep([one for one in known if one is not gone])
    return gone


def _keep(known: list[Authority]) -> None:
    getUtility(IRegistry)[f"{PREFIX}.authorities"] = [one.line for one in known]


def authority_of(signing_key: str) -> Authority | None:
    """Give the known authority that signs with this key, None where it is unknown."""
    return next((row for row in authorities() if row.signing_key == signing_key), None)


def is_ours(signing_key: str) -> bool:
    """Say whether this portal signs with this key, or has signed with it."""
    return signing_key in signing_publics()
