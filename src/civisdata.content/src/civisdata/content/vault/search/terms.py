"""Words as they are compared: without accents, case, ligatures and apostrophes."""

from collections.abc import Iterable
from dataclasses import dataclass
import re
import unicodedata
import zlib


#: Bytes of the packed words of a document at most.
MAX_PACKED = 32 * 1024
#: Characters of a word, words of a query, and characters of a text that are looked at.
MAX_WORD = 40
MAX_QUERY = 12
MAX_TEXT = 4_000_000
_MAX_CLEAR = 8 * 1024 * 1024
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i"})


def fold(text: str) -> str:
    """Give a text without accents, case and ligatures.

    >>> fold("L’Œuvre, déjà ﬁnie")
    'l’oeuvre, deja finie'
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _MARKS.sub("", folded).translate(_LIGATURES)


def words_of(text: str) -> list[str]:
    """Give the different words of a text, in the order in which they come first.

    Single letters are what French elides (« l’ », « d’ »): they are left out.
    """
    found = (word[:MAX_WORD] for word in _WORD.findall(fold(text[:MAX_TEXT])))
    return list(dict.fromkeys(word for word in found if _counts(word)))


def _counts(word: str) -> bool:
    return len(word) > 1 or not word.isalpha() or not word.isascii()


def pack(words: list[str]) -> bytes:
    """Pack words; the last ones are left out where they are more than 32 kB."""
    count = len(words)
    while True:
        packed = zlib.compress("\n".join(sorted(words[:count])).encode(), 9)
        if len(packed) <= MAX_PACKED:
            return packed
        count = min(count - 1, int(count * MAX_PACKED / len(packed) * 0.98))


def unpack(packed: bytes) -> str:
    """Give packed words as a text in which a Word can be looked for."""
    clear = zlib.decompressobj().decompress(packed, _MAX_CLEAR)
    return f"\n{clear.decode()}\n" if clear else "\n"


def as_text(text: str) -> str:
    """Give a short text (a title) in the form that ``unpack`` gives."""
    return "\n" + "".join(f"{word}\n" for word in words_of(text))


@dataclass(frozen=True)
class Word:
    """A word looked for: any of these has to stand in the text of ``unpack``."""

    needles: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        # No generator: this runs thousands of times in a search.
        for needle in self.needles:  # noqa: SIM110
            if needle in text:
                return True
        return False

    def may_be_in(self, folded: str) -> bool:
        """Say whether a text that is only folded could hold it."""
        return any(needle.strip("\n") in folded for needle in self.needles)


def parse_query(query: str) -> list[Word]:
    """Give the words of a query, all of which have to be found.

    Three letters find all words that begin so, as do two that end the query; a French
    plural finds its singular.
    """
    words = words_of(query)[:MAX_QUERY]
    return [_word(word, word is words[-1]) for word in words]


def _word(word: str, last: bool) -> Word:
    begins = len(word) >= 3 or (last and len(word) == 2)
    needles = [f"\n{word}" if begins else f"\n{word}\n"]
    needles += [f"\n{singular}\n" for singular in _singulars(word)]
    return Word(tuple(needles))


def _singulars(word: str) -> Iterable[str]:
    if len(word) >= 4 and word[-1] in "sx" and word.isalpha():
        yield word[:-1]
        if len(word) >= 5 and word.endswith("aux"):
            yield word[:-3] + "al"
