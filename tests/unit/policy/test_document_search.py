"""Words found in a page's text, whatever their accents, case and line ends."""

from civisdata.policy.documents.pages import find
from civisdata.policy.documents.pages import fold
import pytest


@pytest.mark.parametrize(
    "text", ["Éœuf", "ŒUVRE", "İstanbul", "ﬁn", "straße", "e\u0301a"]
)
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


def test_what_is_found_is_the_text_as_it_stands():
    found = find("Le conseil\n  municipal a  délibéré.", "MUNICIPAL A delibere")
    assert found.match == "municipal a délibéré"
    assert found.before == "Le conseil "
    assert found.after == "."


@pytest.mark.parametrize("words", ["", " ", "absent"])
def test_nothing_is_found(words):
    assert find("Le conseil municipal", words) is None
