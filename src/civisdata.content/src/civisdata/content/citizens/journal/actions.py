"""How entries read: rooms register a sentence for each action of theirs, when imported.

In a sentence, ``${title}`` is the document with its quotation marks (or « a document »
while the vault is locked), ``${who}`` who did it, at the beginning of a sentence, and
each detail of the entry can be named. Where the sentence depends on the details, give a
function of the entry that returns the message.
"""

from civisdata.content import _
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import RECIPIENT
from civisdata.content.citizens.journal.storage import SELF
from civisdata.content.citizens.journal.storage import SYSTEM
from civisdata.content.citizens.keys import KeyBundle
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zope.i18nmessageid import Message


LOGINS, DOCUMENTS, SHARING, ACCOUNT = "logins", "documents", "sharing", "account"

#: Kinds of actions, in the order of the filter.
KINDS = {
    LOGINS: _("Log-ins"),
    DOCUMENTS: _("Documents"),
    SHARING: _("Sharing and administration"),
    ACCOUNT: _("Account"),
}

UNWORDED = _("Something was noted that has no words here (${action}).")
LOCKED_TITLE = _("a document")
ERASED_TITLE = _("a document that was erased since")
UNREADABLE_TITLE = _("a document whose title can't be read any more")
QUOTED_TITLE = _("“${title}”")


@dataclass(frozen=True)
class Action:
    """What a room says of an action."""

    id: str
    sentence: Message | Callable[[Entry], Message]
    kind: str


#: Titles of items: given space, opened keys and ids, a room returns what it knows; None
#: for the title of an item that is there, but whose title can't be read.
TitleFinder = Callable[[Any, KeyBundle, Iterable[str]], Mapping[str, str | None]]

_actions: dict[str, Action] = {}
_finders: list[TitleFinder] = []


def register_action(
    action: str, sentence: Message | Callable[[Entry], Message], kind: str
) -> None:
    """Say how an action reads; ``kind`` is one of KINDS (ValueError)."""
    if kind not in KINDS:
        raise ValueError(kind)
    _actions[action] = Action(action, sentence, kind)


def register_titles(finder: TitleFinder) -> None:
    """Let ``finder`` find titles of items, while their vault is open."""
    if finder not in _finders:
        _finders.append(finder)


def kind_of(entry: Entry) -> str:
    """Return the kind of an entry; ACCOUNT for an action that nobody registered."""
    action = _actions.get(entry.action)
    return ACCOUNT if action is None else action.kind


def sentence_of(entry: Entry, title: Message | str, who: Message | str) -> Message:
    """Return the sentence for an entry, with its values (not translated) mapped in."""
    action = _actions.get(entry.action)
    sentence = UNWORDED if action is None else action.sentence
    if not isinstance(sentence, Message):
        sentence = sentence(entry)
    values = {**entry.details, "action": entry.action, **(sentence.mapping or {})}
    return Message(sentence, mapping={**values, "title": title, "who": who})


def who_of(entry: Entry, publishers: Mapping[str, str]) -> Message:
    """Return who did it; ``publishers``: names by id."""
    kind, _colon, publisher = entry.actor.partition(":")
    if kind == "administration":
        name = publishers.get(publisher, publisher)
        return _("The administration (${publisher})", mapping={"publisher": name})
    return {
        SELF: _("You"),
        RECIPIENT: _("The recipient"),
        SYSTEM: _("The portal"),
    }.get(kind, _("Somebody"))


def titles_of(
    space, bundle: KeyBundle | None, items: Iterable[str]
) -> dict[str, Message]:
    """Return how each item is called; while the vault is locked, only that it is one."""
    items = {item for item in items if item}
    if bundle is None:
        return dict.fromkeys(items, LOCKED_TITLE)
    found: dict[str, str | None] = {}
    for finder in _finders:
        found.update(finder(space, bundle, items - set(found)))
    return {item: _title(item, found) for item in items}


def _title(item: str, found: Mapping[str, str | None]) -> Message:
    if item not in found:
        return ERASED_TITLE
    if found[item] is None:
        return UNREADABLE_TITLE
    return Message(QUOTED_TITLE, mapping={"title": found[item]})
