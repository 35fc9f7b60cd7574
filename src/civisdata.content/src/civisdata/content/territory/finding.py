"""Finding communes by name or postal code, as people type them."""

from collections.abc import Sequence
from typing import Protocol
from typing import TypeVar
import re
import unicodedata


#: Longest text that is looked at.
LONGEST = 60

#: What stands before a name and is often left out, and short forms.
_ARTICLES = frozenset(("le", "la", "les", "l", "d", "de", "du", "des", "en", "et"))
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints"}


class Findable(Protocol):
    """What has a name and postal codes."""

    name: str
    postal_codes: tuple[str, ...]


Row = TypeVar("Row", bound=Findable)


def plain(text: str) -> str:
    """Return ``text`` without accents, case and punctuation, for comparisons."""
    letters = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE"))
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()


def words(text: str) -> list[str]:
    """Return the words that a name is compared by: « St-Médard » → saint, medard."""
    return [
        _SHORT.get(word, word)
        for word in plain(text).split()
        if word not in _ARTICLES or len(plain(text)) == len(word)
    ]


def matching(rows: Sequence[Row], wanted: str) -> list[Row]:
    """Return the rows that ``wanted`` may mean, in their order; none where none does.

    A number is the beginning of a postal code. A name is taken whole, then by its words'
    beginnings, then by what it contains, then with a slip of the pen; the first of these
    that finds something counts.
    """
    wanted = wanted[:LONGEST]
    digits = re.sub(r"\s", "", wanted)
    if digits.isascii() and digits.isdigit():
        return [
            row
            for row in rows
            if any(code.startswith(digits) for code in row.postal_codes)
        ]
    # « 33000 Bordeaux », as on a letter: the name says more.
    typed = [word for word in words(wanted) if not re.fullmatch(r"\d{5}", word)]
    if not typed:
        return []
    named = [(row, words(row.name)) for row in rows]
    for fits in (_same, _begins, _contains, _nearly, _nearly_a_word):
        found = [row for row, name in named if fits(typed, name)]
        if found:
            return found
    return []


def _same(typed: list[str], name: list[str]) -> bool:
    return typed == name


def _begins(typed: list[str], name: list[str]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in typed)


def _contains(typed: list[str], name: list[str]) -> bool:
    return "".join(typed) in "".join(name)


def _nearly(typed: list[str], name: list[str]) -> bool:
    return _slips("".join(typed), "".join(name))


def _nearly_a_word(typed: list[str], name: list[str]) -> bool:
    return all(
        any(part == word or _slips(part, word) for word in name) for part in typed
    )


def _slips(typed: str, word: str) -> bool:
    """Say whether one letter is wrong, or two of a long word; short ones don't count."""
    if len(typed) < 4:
        return False
    return distance(typed, word) <= (2 if len(typed) > 7 else 1)


def distance(one: str, other: str) -> int:
    """Return how many letters are missing, too many, wrong, or exchanged with the next."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            best = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
