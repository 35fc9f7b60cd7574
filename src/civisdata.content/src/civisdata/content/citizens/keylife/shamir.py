"""Secret sharing: any ``k`` of ``n`` shares give a secret back, fewer say nothing of it.

Adi Shamir, « How to share a secret », Communications of the ACM 22 (11), 1979. Each
byte of the secret is the value at 0 of a random polynomial of degree k-1 over GF(2⁸),
modulo x⁸ + x⁴ + x³ + x + 1; share i holds the values at i. No tables are used, so that
no time depends on the bytes.
"""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
import secrets


MAXIMUM = 255


@dataclass(frozen=True)
class Share:
    """One share: its place (1 to 255), and as many bytes as the secret has."""

    index: int
    data: bytes

    def __repr__(self) -> str:
        return f"<Share {self.index} (redacted)>"


def multiply(left: int, right: int) -> int:
    """Multiply in GF(2⁸)."""
    product = 0
    for _ in range(8):
        product ^= left & -(right & 1)
        left = (left << 1) ^ (0x11B & -(left >> 7))
        right >>= 1
    return product


def inverse(value: int) -> int:
    """Return what ``value`` times is 1, as value to the 254; 0 for 0."""
    result, power = 1, value
    for _ in range(7):
        power = multiply(power, power)
        result = multiply(result, power)
    return result


def split(
    secret: bytes,
    k: int,
    n: int,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> list[Share]:
    """Share a secret among ``n``, of whom ``k`` are needed; ValueError."""
    if not secret or not 2 <= k <= n <= MAXIMUM:
        raise ValueError("a secret, and 2 to n of at most 255 persons")
    coefficients = [secret, *(random_bytes(len(secret)) for _ in range(k - 1))]
    return [Share(index, _value_at(index, coefficients)) for index in range(1, n + 1)]


def _value_at(place: int, coefficients: Sequence[bytes]) -> bytes:
    values = bytes(len(coefficients[0]))
    for coefficient in reversed(coefficients):
        values = bytes(
            multiply(value, place) ^ byte
            for value, byte in zip(values, coefficient, strict=True)
        )
    return values


def combine(shares: Sequence[Share]) -> bytes:
    """Return the secret of at least ``k`` shares; ValueError.

    Fewer than ``k``, or a wrong one among them, give other bytes without notice.
    """
    places = [share.index for share in shares]
    sizes = {len(share.data) for share in shares}
    if len(shares) < 2 or len(set(places)) != len(places) or len(sizes) != 1:
        raise ValueError("two different shares of one size at least")
    if not all(1 <= place <= MAXIMUM for place in places):
        raise ValueError("a share has a place from 1 to 255")
    secret = bytes(sizes.pop())
    for share in shares:
        weight = 1
        for place in places:
            if place != share.index:
                weight = multiply(weight, multiply(place, inverse(place ^ share.index)))
        secret = bytes(
            byte ^ multiply(weight, value)
            for byte, value in zip(secret, share.data, strict=True)
        )
    return secret
