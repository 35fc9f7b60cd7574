"""Words found in a page's text, whatever their accents, case and line ends."""

from civisdata.content.vault.reading.finding import find
from civisdata.content.vault.reading.finding import fold
import pytest


@pytest.mark.parametrize(
    "text,words,match",
    [
        ("Un œuf à la coque", "oeuf a", "œuf à"),
        ("CHEF-D’ŒUVRE", "d'oeuvre", "D’ŒUVRE"),
        ("la ﬁn du cafe\u0301 noir", "fin du café", "ﬁn du cafe\u0301"),
        ("Straße 12", "strasse 1", "Straße 1"),
    ],
)
def test_what_changes_its_length_is_found_where_it_stands(text, words, match):
    assert find(text, words).match == match


def test_folding():
    assert fold("Éœuf ŒUVRE ﬁn") == "eoeuf oeuvre fin"


def test_what_is_found_is_the_text_as_it_stands():
    found = find("Le conseil\n  municipal a  délibéré.", "MUNICIPAL A delibere")
    assert found.match == "municipal a délibéré"
    assert found.before == "Le conseil "
    assert found.after == "."


@pytest.mark.parametrize("words", ["", " ", "absent"])
def test_nothing_is_found(words):
    assert find("Le conseil municipal", words) is None
