"""A small computation that a browser does while a person fills the form in.

It asks nothing of anybody, and makes a flood of sign-ups cost its sender time. The form's
stamp names the task: find a number that makes SHA-256 of « nonce:number » begin with so
many zero bits (``static/proof.js`` does). The more sign-ups there are within an hour, the
harder it gets; at its hardest a slow phone is still done before the form is filled in.
"""

from civisdata.content.citizens.antirobot import Stamp
from civisdata.content.numbers import whole_number
import hashlib


#: Zero bits on a quiet day (some 30 000 hashes) and at most (some two million).
LEAST, MOST = 15, 21

#: Sign-ups within an hour that are no more than usual; each doubling adds a bit.
QUIET = 60

#: By so many bits a form may have been shown before it got harder.
GRACE = 2


def bits_for(load: int) -> int:
    """Return how hard the task is after ``load`` sign-ups within this hour."""
    return min(MOST, LEAST + (load // QUIET).bit_length())


def is_solved(stamp: Stamp, answer: str, load: int) -> bool:
    """Say whether ``answer`` solves the task of a form, and that task is hard enough."""
    number = whole_number(answer)
    if number is None or stamp.bits < max(LEAST, bits_for(load) - GRACE):
        return False
    return zero_bits(f"{stamp.nonce}:{number}") >= stamp.bits


def zero_bits(text: str) -> int:
    """Return how many zero bits SHA-256 of ``text`` begins with."""
    digest = hashlib.sha256(text.encode()).digest()
    return 256 - int.from_bytes(digest).bit_length()


def solve(stamp: Stamp) -> str:
    """Find the answer, as a browser does: for tests and measurements."""
    number = 0
    while zero_bits(f"{stamp.nonce}:{number}") < stamp.bits:
        number += 1
    return str(number)
