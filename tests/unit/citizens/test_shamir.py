"""Shamir's secret sharing over GF(256)."""

from civisdata.content.citizens.keylife import shamir
from civisdata.content.citizens.keylife.shamir import combine
from civisdata.content.citizens.keylife.shamir import Share
from civisdata.content.citizens.keylife.shamir import split
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from itertools import combinations
import pytest


BYTE = st.integers(0, 255)


def test_the_field_is_that_of_aes():
    # FIPS 197, 4.2: {57} • {83} = {c1}, {57} • {13} = {fe}
    assert shamir.multiply(0x57, 0x83) == 0xC1
    assert shamir.multiply(0x57, 0x13) == 0xFE
    assert shamir.inverse(0x53) == 0xCA


def test_every_byte_but_zero_has_an_inverse():
    for value in range(1, 256):
        assert shamir.multiply(value, shamir.inverse(value)) == 1
    assert shamir.inverse(0) == 0


@settings(deadline=None)
@given(BYTE, BYTE, BYTE)
def test_the_laws_of_a_field(a, b, c):
    assert shamir.multiply(a, b) == shamir.multiply(b, a)
    assert shamir.multiply(a, 1) == a
    assert shamir.multiply(a, shamir.multiply(b, c)) == shamir.multiply(
        shamir.multiply(a, b), c
    )
    assert shamir.multiply(a, b ^ c) == shamir.multiply(a, b) ^ shamir.multiply(a, c)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.data())
def test_any_k_of_n_give_the_secret_in_any_order(secret, data):
    n = data.draw(st.integers(2, 7))
    k = data.draw(st.integers(2, n))
    shares = split(secret, k, n)
    assert sorted(share.index for share in shares) == list(range(1, n + 1))
    for some in combinations(shares, k):
        assert combine(data.draw(st.permutations(some))) == secret
    assert combine(shares) == secret


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_share_of_two_says_nothing(place):
    """Run through all polynomials: whatever the secret byte, a share takes each of the
    256 values exactly once."""
    for secret in range(0, 256, 5):
        seen = {
            split(bytes([secret]), 2, 3, lambda _size, drawn=drawn: bytes([drawn]))[
                place
            ].data
            for drawn in range(256)
        }
        assert len(seen) == 256


@settings(deadline=None)
@given(st.binary(min_size=2, max_size=2), BYTE, BYTE)
def test_two_of_three_shares_fit_every_secret(seen, first, second):
    """For any two shares and any secret there is a third share that fits."""
    known = [Share(1, seen[:1]), Share(2, seen[1:])]
    for secret in {first, second}:
        # The polynomial through (0, secret), share 1 and share 2, at 3.
        points = [Share(1, seen[:1]), Share(2, seen[1:])]
        third = _through(secret, points, 3)
        assert combine([*known, Share(3, bytes([third]))]) == bytes([secret])


def _through(secret: int, points: list[Share], place: int) -> int:
    """Interpolate at ``place`` from (0, secret) and points."""
    known = [(0, secret), *((point.index, point.data[0]) for point in points)]
    total = 0
    for x, y in known:
        weight = 1
        for other, _y in known:
            if other != x:
                weight = shamir.multiply(
                    weight,
                    shamir.multiply(place ^ other, shamir.inverse(x ^ other)),
                )
        total ^= shamir.multiply(weight, y)
    return total


@pytest.mark.parametrize(
    ("secret", "k", "n"), [(b"", 2, 3), (b"x", 1, 3), (b"x", 4, 3), (b"x", 2, 256)]
)
def test_what_cant_be_shared(secret, k, n):
    with pytest.raises(ValueError):
        split(secret, k, n)


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [Share(1, b"x")],
        [Share(1, b"x"), Share(1, b"y")],
        [Share(1, b"x"), Share(2, b"yz")],
        [Share(0, b"x"), Share(1, b"y")],
        [Share(1, b"x"), Share(256, b"y")],
    ],
)
def test_what_cant_be_combined(shares):
    with pytest.raises(ValueError):
        combine(shares)


def test_a_wrong_share_gives_another_secret():
    shares = split(b"secret", 3, 5)
    wrong = Share(shares[0].index, bytes(6))
    assert combine([wrong, *shares[1:3]]) != b"secret"


def test_a_share_hides_itself():
    assert "secret" not in repr(Share(1, b"secret"))
