"""Words in the text of a page, whatever their accents, case and ligatures."""

from dataclasses import dataclass
import unicodedata


#: Characters shown on either side of a found word.
AROUND = 60
_ALIKE = {"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'"}


@dataclass(frozen=True)
class Found:
    """A page that holds the searched words: its number and the text around them."""

    number: int
    before: str
    match: str
    after: str


def _folded(text: str) -> tuple[str, list[int]]:
    """Give ``text`` as it is compared, and the place in ``text`` of each character."""
    folded, places = [], []
    for place, character in enumerate(text):
        character = _ALIKE.get(character.lower(), character)
        for part in unicodedata.normalize("NFKD", character):
            if not unicodedata.combining(part):
                lower = part.casefold()
                folded.append(lower)
                places += [place] * len(lower)
    return "".join(folded), places


def fold(text: str) -> str:
    """Return ``text`` without accents, case and ligatures.

    >>> fold("Éœuf")
    'eoeuf'
    """
    return _folded(text)[0]


def find(text: str, words: str, number: int = 1) -> Found | None:
    """Find ``words`` in a page's text."""
    text = " ".join(text.split())
    wanted = fold(" ".join(words.split()))
    folded, places = _folded(text)
    start = folded.find(wanted) if wanted else -1
    if start < 0:
        return None
    first, last = places[start], places[start + len(wanted) - 1] + 1
    while last < len(text) and unicodedata.combining(text[last]):
        last += 1
    return Found(
        number,
        text[max(0, first - AROUND) : first],
        text[first:last],
        text[last : last + AROUND],
    )
