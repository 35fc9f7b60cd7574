"""Words as they are compared."""

from civisdata.content.vault.search.terms import as_text
from civisdata.content.vault.search.terms import fold
from civisdata.content.vault.search.terms import MAX_PACKED
from civisdata.content.vault.search.terms import pack
from civisdata.content.vault.search.terms import parse_query
from civisdata.content.vault.search.terms import unpack
from civisdata.content.vault.search.terms import words_of
import pytest
import random


@pytest.mark.parametrize(
    "text,words",
    [
        ("L’Œuvre d'art, DÉJÀ vue…", ["oeuvre", "art", "deja", "vue"]),
        ("e\u0301le\u0300ve ﬁn", ["eleve", "fin"]),
        ("carte_d_identité-2026.pdf", ["carte", "identite", "2026", "pdf"]),
        ("n° 7, 1 234,56 €", ["7", "1", "234", "56"]),
        ("un UN Un ún", ["un"]),
        ("", []),
        ("’’ -- !", []),
        ("Ελληνικά 中文", ["ελληνικα", "中文"]),
    ],
)
def test_words(text, words):
    assert words_of(text) == words


def matches(query: str, text: str) -> bool:
    words, held = parse_query(query), unpack(pack(words_of(text)))
    assert held.strip("\n").split("\n") == sorted(words_of(text))
    return all(word.is_in(held) for word in words)


@pytest.mark.parametrize(
    "query,text",
    [
        ("impots", "Avis d’impôt"),
        ("IMPÔT", "les impôts locaux"),
        ("oeuvre", "Chef-d’œuvre"),
        ("œuvre", "chef d'oeuvre"),
        ("journaux", "le journal"),
        ("chateaux", "le château"),
        ("fact", "facture"),
        ("fact gaz", "Gaz : facture"),
        ("av", "avis"),
        ("d'identité", "carte d’identite"),
        ("2026", "20260115"),
        ("7", "n° 7"),
    ],
)
def test_found(query, text):
    assert matches(query, text)


@pytest.mark.parametrize(
    "query,text",
    [
        ("impot girafe", "Avis d’impôt"),
        ("pot", "impôt"),
        ("av impot", "avis d’impôt"),
        ("7", "77"),
        ("prix", "pripyat"),
        ("mars", "marche"),
    ],
)
def test_not_found(query, text):
    assert not matches(query, text)


def test_long_texts_are_cut_to_their_first_words():
    letters = random.Random(1)
    words = ["".join(letters.choices("abcdefghij", k=12)) for _ in range(40_000)]
    packed = pack(words_of(" ".join(words)))
    assert MAX_PACKED * 0.8 < len(packed) <= MAX_PACKED
    held = unpack(packed)
    assert f"\n{words[0]}\n" in held and f"\n{words[-1]}\n" not in held


def test_folding_is_the_same_for_titles_and_texts():
    assert as_text("Été 2026") == unpack(pack(words_of("ete 2026"))).replace(
        "\n2026\nete\n", "\nete\n2026\n"
    )
    assert fold("ASCII only") == "ascii only"
    assert unpack(pack([])) == "\n" == as_text("")
