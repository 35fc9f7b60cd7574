"""How entries read, whoever did it, and whatever a room registered."""

from civisdata.content import _
from civisdata.content.citizens.journal import actions
from civisdata.content.citizens.journal import Entry
from civisdata.content.citizens.journal import own_actions
from civisdata.content.vault import journal_words
from civisdata.content.vault.transfer import journal_words as transfer_words
import pytest


@pytest.fixture(autouse=True)
def _registered_for_a_test(monkeypatch):
    monkeypatch.setattr(actions, "_actions", dict(actions._actions))
    monkeypatch.setattr(actions, "_finders", [])


def ids(module) -> set[str]:
    """The ids of actions that a module names."""
    return {
        value
        for name, value in vars(module).items()
        if name.isupper()
        and isinstance(value, str)
        and value not in (*actions.KINDS, "self", "system", "unknown")
    }


def test_everything_that_is_noted_has_words():
    wanted = ids(own_actions) | set(own_actions.REGISTRATION_ACTIONS.values())
    wanted |= ids(journal_words) | ids(transfer_words)
    assert len(wanted) > 25
    for action in wanted:
        for details in ({}, {"count": 1}, {"count": 3}, {"client": "Firefox"}):
            sentence = actions.sentence_of(
                Entry(1, 0, action, "self", "", details), "t", "w"
            )
            assert str(sentence) != str(actions.UNWORDED), action


def test_a_room_adds_its_own():
    actions.register_action(
        "x-done", _("${who} did ${title} ${times} times."), "sharing"
    )
    entry = Entry(1, 0, "x-done", "recipient", "ab", {"times": 3})
    sentence = actions.sentence_of(entry, "« a »", "Zoé")
    assert sentence.mapping == {
        "times": 3,
        "action": "x-done",
        "title": "« a »",
        "who": "Zoé",
    }
    assert actions.kind_of(entry) == "sharing"
    with pytest.raises(ValueError):
        actions.register_action("x-done", _("Account"), "other")


def test_an_unknown_action_shows_its_id():
    entry = Entry(1, 0, "from-the-future")
    assert actions.kind_of(entry) == "account"
    sentence = actions.sentence_of(entry, "", "")
    assert sentence.mapping["action"] == "from-the-future"
    assert sentence == actions.UNWORDED


@pytest.mark.parametrize(
    "actor,words",
    [
        ("self", "You"),
        ("unknown", "Somebody"),
        ("recipient", "The recipient"),
        ("system", "The portal"),
        ("somebody-new", "Somebody"),
        ("administration:talence", "The administration (${publisher})"),
    ],
)
def test_who(actor, words):
    found = actions.who_of(Entry(1, 0, "x", actor), {"talence": "Talence"})
    assert found == words
    if "publisher" in words:
        assert found.mapping == {"publisher": "Talence"}
        gone = actions.who_of(Entry(1, 0, "x", actor), {})
        assert gone.mapping == {"publisher": "talence"}


def test_titles_come_from_whichever_room_knows():
    actions.register_titles(lambda space, bundle, items: {"a": "Avis", "b": None})
    actions.register_titles(lambda space, bundle, items: dict.fromkeys(items, "C"))
    titles = actions.titles_of(None, "keys", ["a", "b", "c", ""])
    assert titles["a"].mapping == {"title": "Avis"}
    assert titles["b"] == actions.UNREADABLE_TITLE
    assert titles["c"].mapping == {"title": "C"}
    assert set(titles) == {"a", "b", "c"}
    locked = actions.titles_of(None, None, ["a"])
    assert locked == {"a": actions.LOCKED_TITLE}


def test_what_no_room_knows_was_erased():
    actions.register_titles(lambda space, bundle, items: {})
    assert actions.titles_of(None, "keys", ["a"]) == {"a": actions.ERASED_TITLE}
