"""Invitations: tokens, who must not be written to, the personal word."""

from civisdata.content.checks import FieldError
from civisdata.content.citizens.content import new_space_id
from civisdata.content.citizens.inviting import arrivals
from civisdata.content.citizens.inviting import book
from civisdata.content.citizens.inviting.inviting import clean_word
from civisdata.content.citizens.passwords import Refused
from types import SimpleNamespace
import pytest


NOW = 1_700_000_000.0
DAY = 86400


def test_a_link_holds_the_inviter_for_the_portal_alone():
    space_id = new_space_id()
    one, other = (arrivals.invitation_token(space_id, NOW) for _ in range(2))
    assert one != other and space_id not in one
    assert len(one) <= arrivals.LONGEST
    assert arrivals.inviter_of(one, NOW) == space_id
    assert arrivals.inviter_of(one, NOW + arrivals.DAYS * DAY) == space_id
    assert arrivals.inviter_of(one, NOW + (arrivals.DAYS + 1) * DAY) is None
    assert arrivals.inviter_of(one, NOW - DAY) is None


@pytest.mark.parametrize(
    "text", ["", "a", "é", "A" * 64, "A" * 10_000, "a b", "\ud800"]
)
def test_another_text_is_nobodys(text):
    assert arrivals.inviter_of(text, NOW) is None


def test_a_changed_link_is_nobodys():
    token = arrivals.invitation_token(new_space_id(), NOW)
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    assert arrivals.inviter_of(changed, NOW) is None


def test_arrivals_are_a_number_and_a_stranger_changes_nothing():
    space = SimpleNamespace()
    spaces = SimpleNamespace(get_space=lambda id: space if id == "a" * 16 else None)
    assert arrivals.arrivals_of(space) == 0
    for _ in range(2):
        arrivals.count_arrival(spaces, arrivals.invitation_token("a" * 16, NOW), NOW)
    arrivals.count_arrival(spaces, arrivals.invitation_token("b" * 16, NOW), NOW)
    arrivals.count_arrival(spaces, "forged", NOW)
    assert arrivals.arrivals_of(space) == 2
    assert dict(space._invitations) == {"came": 2, "day": 0, "sent": 0}


def test_equal_addresses_have_equal_marks_that_tell_nothing():
    mark = book.mark_of("Zoe@Exemple.fr")
    assert mark == book.mark_of(" zoe@exemple.FR ")
    assert mark != book.mark_of("zoe2@exemple.fr")
    assert "zoe" not in mark
    with pytest.raises(FieldError):
        book.mark_of("zoe@exemple.fr\r\nBcc: all@exemple.fr")


def test_the_link_that_ends_invitations_names_a_mark_alone():
    mark = book.mark_of("zoe@exemple.fr")
    assert book.mark_to_stop(book.stop_token(mark)) == mark
    for text in ("", mark, f"{mark}.", f"{mark}.x", "é.é", "\ud800.", "a" * 10_000):
        assert book.mark_to_stop(text) is None


def test_nobody_is_invited_over_and_over_and_marks_go():
    pages, mark = book.InvitationBook(), book.mark_of("zoe@exemple.fr")
    assert pages.may_invite(mark, NOW)
    pages.note(mark, NOW)
    assert not pages.may_invite(mark, NOW + DAY)
    later = NOW + (book.QUIET_DAYS + 1) * DAY
    assert pages.may_invite(mark, later)
    pages.forget(later)
    assert len(pages.lately) == len(pages.ends) == 0


def test_who_asked_for_no_invitations_gets_none_ever():
    pages, mark = book.InvitationBook(), book.mark_of("zoe@exemple.fr")
    pages.note(mark, NOW)
    assert pages.stop(mark)
    assert not pages.stop(mark)
    pages.forget(NOW + 10**9)
    assert not pages.may_invite(mark, NOW + 10**9)


@pytest.mark.parametrize(
    "word, clean",
    [
        ("  Viens !\r\nC’est bien. ", "Viens !\nC’est bien."),
        ("Zoe\u0301\t!", "Zoé !"),
        ("", ""),
        ("Demain.Merci 👩‍🚀", "Demain.Merci 👩‍🚀"),
        ("x" * 500, "x" * 500),
    ],
)
def test_a_word_is_plain_text(word, clean):
    assert clean_word(word) == clean


@pytest.mark.parametrize(
    "word",
    [
        "x" * 501,
        "\n".join("a" * 14),
        "a\x00b",
        "a\x1b[31m",
        "\u202egnp",
        "a\u2028b",
        "a\rBcc: all@exemple.fr",
        "Va sur https://exemple.example",
        "Va sur WWW.exemple",
        "Va sur civis-data.com/connexion",
        "Écris à moi@exemple.fr",
        "\ud800",
    ],
)
def test_a_word_with_links_or_strange_characters_is_refused(word):
    with pytest.raises(Refused) as refusal:
        clean_word(word)
    assert refusal.value.field == "word"
