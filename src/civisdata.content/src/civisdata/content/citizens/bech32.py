"""Bech32 (BIP 173) without its length limit, as age writes keys.

https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki and
https://github.com/C2SP/C2SP/blob/main/age.md
"""

from collections.abc import Iterable


CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_GENERATORS):
            if top >> index & 1:
                checksum ^= generator
    return checksum


def _expand(prefix: str) -> list[int]:
    codes = [ord(character) for character in prefix]
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _regroup(values: Iterable[int], source: int, target: int, pad: bool) -> list[int]:
    accumulator = bits = 0
    result = []
    for value in values:
        accumulator = accumulator << source | value
        bits += source
        while bits >= target:
            bits -= target
            result.append(accumulator >> bits & (1 << target) - 1)
        accumulator &= (1 << bits) - 1
    if pad:
        if bits:
            result.append(accumulator << target - bits & (1 << target) - 1)
    elif bits >= source or accumulator:
        raise ValueError("Bech32: bad padding")
    return result


def encode(prefix: str, data: bytes) -> str:
    """Give ``data`` as a Bech32 string in lower case."""
    values = _regroup(data, 8, 5, True)
    polymod = _polymod([*_expand(prefix.lower()), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    checksum = [polymod >> 5 * (5 - index) & 31 for index in range(6)]
    return prefix.lower() + "1" + "".join(CHARSET[value] for value in values + checksum)


def decode(prefix: str, text: str) -> bytes:
    """Give the bytes of a Bech32 string; ValueError where anything is wrong."""
    if text not in (text.lower(), text.upper()):
        raise ValueError("Bech32: mixed case")
    text = text.lower()
    start = prefix.lower() + "1"
    body = text[len(start) :]
    if not text.startswith(start) or len(body) < 6:
        raise ValueError("Bech32: wrong prefix or too short")
    values = [CHARSET.find(character) for character in body]
    if -1 in values or _polymod(_expand(prefix.lower()) + values) != 1:
        raise ValueError("Bech32: wrong checksum")
    return bytes(_regroup(values[:-6], 5, 8, False))
