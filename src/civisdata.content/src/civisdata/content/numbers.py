"""Whole numbers in what a request says: the one way to read them.

Python's ``int`` takes signs, blanks, underscores and the digits of every script, and
raises ValueError above 4300 digits: each of them was once an error 500 or a surprise.
"""

#: The largest number that a request has a reason to say: a petabyte, in bytes.
LARGEST = 10**15


def whole_number(said, most: int = LARGEST) -> int | None:
    """Give the number that ASCII digits stand for.

    None for anything else (no text, no digits, a sign), and for more than ``most``.
    """
    if isinstance(said, int) and not isinstance(said, bool):
        # ZPublisher's own converters (``n:int=1``).
        return said if 0 <= said <= most else None
    if not isinstance(said, str) or not said.isascii() or not said.isdigit():
        return None
    digits = said.lstrip("0") or "0"
    if len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if number <= most else None
