"""The recovery code a citizen prints: 145 random bits that people can type.

Twenty-nine symbols of Crockford's base 32 and one check symbol, in six groups of five.
The check is a linear code over GF(32) with a distinct factor for each position: any one
wrong symbol and any two swapped symbols are found before a key is tried.
"""

import secrets
import unicodedata


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_LENGTH = 29
GROUP = 5
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


class InvalidRecoveryCode(ValueError):
    """What was typed can't be a recovery code (length, symbol or check)."""


def _multiply(left: int, right: int) -> int:
    """Multiply in GF(32) modulo x⁵ + x² + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= 0b100101
        right >>= 1
    return product


def _check_symbol(data: str) -> str:
    factor, total = 2, 0
    for symbol in data:
        total ^= _multiply(factor, ALPHABET.index(symbol))
        factor = _multiply(factor, 2)
    return ALPHABET[total]


def _grouped(symbols: str) -> str:
    return "-".join(
        symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP)
    )


def new_recovery_code() -> str:
    """Draw a new code, such as ``7K3QF-…`` (six groups of five)."""
    data = "".join(secrets.choice(ALPHABET) for _ in range(DATA_LENGTH))
    return _grouped(data + _check_symbol(data))


def normalise_recovery_code(text: str) -> str:
    """Give the code in the form of ``new_recovery_code`` from what a person typed.

    Case, spaces and hyphens don't matter; O is read as 0, I and L as 1.
    Raises InvalidRecoveryCode.
    """
    wide = unicodedata.normalize("NFKC", text).upper()
    symbols = "".join(
        character
        for character in wide
        if not (character.isspace() or unicodedata.category(character) in ("Pd", "Cf"))
    ).translate(_FORGIVEN)
    if len(symbols) != DATA_LENGTH + 1 or not set(symbols) <= set(ALPHABET):
        raise InvalidRecoveryCode("not a recovery code")
    if _check_symbol(symbols[:-1]) != symbols[-1]:
        raise InvalidRecoveryCode("wrong check symbol")
    return _grouped(symbols)
