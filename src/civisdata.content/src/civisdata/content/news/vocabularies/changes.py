"""Changes to the list of topics: plain values in and out."""

from civisdata.content import _
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from plone.i18n.normalizer import idnormalizer
from zope.i18nmessageid import Message


#: Topics offered at a time; letters of a title and of an id.
MOST = 60
MAX_TITLE = 80
MAX_ID = 40


class BadVocabulary(ValueError):
    """A vocabulary that can't be; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class BadTopics(BadVocabulary):
    """A list of topics that can't be."""


@dataclass(frozen=True)
class Topics:
    """What is offered, in its order, and what no longer is: id → title."""

    offered: Mapping[str, str]
    retired: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What is wanted of one topic that exists."""

    id: str
    title: str
    position: int
    offered: bool


def new_id(title: str, taken) -> str:
    """Return an id for a new topic, unlike all that are or were."""
    base = idnormalizer.normalize(title, max_length=MAX_ID).strip("-") or "sujet"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def changed(topics: Topics, wishes: Sequence[Wish], added: str = "") -> Topics:
    """Return the topics as they are wanted; ``BadTopics``.

    Ids stay for ever: a topic that is no longer offered is retired, and may be offered
    again. Of a topic without a wish nothing changes. Equal positions keep their order.
    """
    known = {**topics.offered, **topics.retired}
    places = {id: number for number, id in enumerate(topics.offered, 1)}
    rows = {
        id: Wish(id, title, places.get(id, len(known) + 1), id in topics.offered)
        for id, title in known.items()
    }
    rows |= {wish.id: wish for wish in wishes if wish.id in known}
    kept = sorted(rows.values(), key=lambda wish: wish.position)
    offered = {wish.id: checked_title(wish.title) for wish in kept if wish.offered}
    retired = {wish.id: checked_title(wish.title) for wish in kept if not wish.offered}
    if added.strip():
        offered[new_id(added, known)] = checked_title(added)
    _check(offered)
    return Topics(offered, retired)


def checked_title(text: str) -> str:
    """Return a title on one line; ``BadTopics``."""
    title = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not title:
        raise BadTopics(_("Each topic needs a title."))
    if len(title) > MAX_TITLE:
        raise BadTopics(
            _(
                "${title}…: a title has 80 letters at most.",
                mapping={"title": title[:20]},
            )
        )
    return title


def _check(offered: Mapping[str, str]) -> None:
    if not offered:
        raise BadTopics(_("At least one topic has to be offered."))
    if len(offered) > MOST:
        raise BadTopics(_("There are too many topics: 60 at most are offered."))
    seen = set()
    for title in offered.values():
        if title.casefold() in seen:
            raise BadTopics(
                _("${title}: two topics have this title.", mapping={"title": title})
            )
        seen.add(title.casefold())
