"""Other authorities that run Civis Data: to whom archives go, by whom they are signed."""

from civisdata.content import _
from civisdata.content.citizens import bech32
from civisdata.content.vault.transfer.portal_keys import signing_publics
from civisdata.content.vault.transfer.signatures import fingerprint
from dataclasses import dataclass
from plone.registry.interfaces import IRegistry
from zope import schema
from zope.component import queryUtility
from zope.interface import Interface
from zope.interface import Invalid
import re


PREFIX = "civisdata.transfer"
_KEY = re.compile(r"[0-9a-f]{64}")


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


def authority_of(signing_key: str) -> Authority | None:
    """Give the known authority that signs with this key, None where it is unknown."""
    return next((row for row in authorities() if row.signing_key == signing_key), None)


def is_ours(signing_key: str) -> bool:
    """Say whether this portal signs with this key, or has signed with it."""
    return signing_key in signing_publics()
