"""French words as the search compares them: without accents, endings and small words.

Accents go first, so that « mediatheque » and « médiathèques » have the same stem; what
Snowball's rules say of accents is lost, the few endings this concerns are cut here.
"""

from functools import lru_cache
import re
import snowballstemmer
import unicodedata


#: Before a stem, so that the beginning of a word is never taken for a stem.
MARK = "_"

#: Too frequent to tell anything; without accents. Letters are what elision leaves.
STOP_WORDS = frozenset(
    [
        "a",
        "ai",
        "ainsi",
        "apres",
        "au",
        "aux",
        "avec",
        "c",
        "ce",
        "ceci",
        "cela",
        "ces",
        "cet",
        "cette",
        "ceux",
        "chez",
        "ci",
        "comme",
        "d",
        "dans",
        "de",
        "des",
        "donc",
        "dont",
        "du",
        "elle",
        "elles",
        "en",
        "entre",
        "es",
        "est",
        "et",
        "etaient",
        "etait",
        "ete",
        "etre",
        "eu",
        "eux",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "lui",
        "m",
        "ma",
        "mais",
        "me",
        "mes",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ont",
        "or",
        "ou",
        "par",
        "pas",
        "peu",
        "plus",
        "pour",
        "qu",
        "quand",
        "que",
        "quel",
        "quelle",
        "quelles",
        "quels",
        "qui",
        "quoi",
        "s",
        "sa",
        "sans",
        "se",
        "ses",
        "si",
        "son",
        "sont",
        "sous",
        "sur",
        "t",
        "ta",
        "te",
        "tes",
        "toi",
        "ton",
        "tous",
        "tout",
        "toute",
        "toutes",
        "tres",
        "tu",
        "un",
        "une",
        "vers",
        "vos",
        "votre",
        "vous",
        "y",
    ]
)

#: Plurals that no rule finds.
_IRREGULAR = {
    "baux": "bail",
    "cieux": "ciel",
    "coraux": "corail",
    "emaux": "email",
    "soupiraux": "soupirail",
    "travaux": "travail",
    "vitraux": "vitrail",
    "yeux": "oeil",
}

_WORDS = re.compile(r"[^\W_]+")
_STEMMER = snowballstemmer.stemmer("french")


def fold(text: str) -> str:
    """Return ``text`` in small letters without accents; œ and æ as two letters."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c for c in letters if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order; apostrophes and hyphens part them."""
    return _WORDS.findall(fold(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what the forms of a folded word have in common."""
    word = _singular(_IRREGULAR.get(word, word))
    if len(word) < 4 or not word.isalpha():
        return word
    found = _STEMMER.stemWord(word)
    shorter = found.rstrip("e")
    return shorter if len(shorter) > 2 else found


def _singular(word: str) -> str:
    # Snowball keeps the « s » of « vélos » and « élus », and the two « e » of « musée ».
    if (len(word) > 3 and word.endswith("s") and not word.endswith("ss")) or (
        len(word) > 3 and word.endswith(("eaux", "eux", "oux"))
    ):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("ee") else word
