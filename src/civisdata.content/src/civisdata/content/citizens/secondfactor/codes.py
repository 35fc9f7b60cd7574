"""Single-use codes: ten of 75 random bits, printed, for when nothing else is at hand."""

from civisdata.content.citizens.recovery_code import ALPHABET
from civisdata.content.citizens.recovery_code import GROUP
from civisdata.content.citizens.suites import derive
import secrets
import unicodedata


NUMBER = 10
LENGTH = 15
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_codes() -> list[str]:
    """Draw the codes, such as ``7K3QF-9XM2A-04TRB``."""
    return [_new_code() for _ in range(NUMBER)]


def _new_code() -> str:
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    groups = (symbols[at : at + GROUP] for at in range(0, LENGTH, GROUP))
    return "-".join(groups)


def symbols_of(typed: str) -> str:
    """Return what counts of a code that a person typed: neither case, space nor hyphen."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    return "".join(
        character
        for character in wide
        if not (character.isspace() or unicodedata.category(character) in ("Pd", "Cf"))
    )


def normalise(typed: str) -> str | None:
    """Return the symbols of a single-use code; None for what can't be one."""
    symbols = symbols_of(typed).translate(_FORGIVEN)
    if len(symbols) != LENGTH or not set(symbols) <= set(ALPHABET):
        return None
    return symbols


def digest(symbols: str, salt: bytes, user_id: str) -> bytes:
    """Return what is stored of a code. So many random bits need no slow function."""
    return derive(symbols.encode(), salt, "single-use code", user_id)
