"""Consents to deposits: which publisher may put documents into a space, since when.

They are in clear, as the server must know them while nobody is logged in. Each answer is
kept, so that it can be shown later who agreed to what, and when. Withdrawing works at
once: who deposits asks ``may_deposit`` anew in each transaction.
"""

from Acquisition import aq_base
from civisdata.content.citizens import clock
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.registrations import remember_text
from dataclasses import asdict
from dataclasses import dataclass
from persistent.list import PersistentList


#: The text that is shown before somebody agrees; it lies in ``texts/``.
TEXT = "deposit"

#: Actions of the journal; the room of the deposits says how they read.
GIVEN, WITHDRAWN = "deposit-consent-given", "deposit-consent-withdrawn"

_ATTRIBUTE = "_deposit_consents"


class OtherText(ValueError):
    """What was agreed to isn't the text that is shown today."""


@dataclass(frozen=True)
class Answer:
    """One answer: to which publisher, under which title, to which text, and what.

    ``version`` is the SHA-256 of the text ``text`` that was shown, ``date`` seconds
    since 1970, ``actor`` who answered (``citizen``, or another room's word).
    """

    publisher: str
    title: str
    text: str
    version: str
    date: float
    given: bool
    channel: str = "web"
    actor: str = "citizen"


def text_shown() -> Notice:
    """Give the text of today."""
    return notice(TEXT)


def history(space) -> list[Answer]:
    """Return all answers, oldest first."""
    return [Answer(**row) for row in getattr(aq_base(space), _ATTRIBUTE, None) or ()]


def active(space) -> list[Answer]:
    """Return the answers that allow something now, oldest first."""
    latest: dict[str, Answer] = {}
    for answer in history(space):
        latest.pop(answer.publisher, None)
        latest[answer.publisher] = answer
    return [answer for answer in latest.values() if answer.given]


def may_deposit(space, publisher_id: str) -> bool:
    """Say whether the citizen agrees to documents from this publisher."""
    for answer in reversed(history(space)):
        if answer.publisher == publisher_id:
            return answer.given
    return False


def give(
    space,
    publisher: Publisher,
    version: str,
    channel: str = "web",
    actor: str = "citizen",
) -> None:
    """Record a consent to the text of this ``version``; OtherText if not today's.

    What was given already isn't given again.
    """
    shown = text_shown()
    if version != shown.version:
        raise OtherText(version)
    if may_deposit(space, publisher.id):
        return
    remember_text(space.__parent__, shown)
    _record(space, publisher.id, publisher.title, version, True, channel, actor)
    note(space, GIVEN, publisher=publisher.title[:80])


def withdraw(
    space,
    publisher_id: str,
    channel: str = "web",
    actor: str = "citizen",
    noted: bool = True,
) -> None:
    """Take a consent back; nothing happens where there is none.

    ``noted``: in the journal too; not where it follows from something that is noted.
    """
    for answer in active(space):
        if answer.publisher == publisher_id:
            _record(
                space, publisher_id, answer.title, answer.version, False, channel, actor
            )
            if noted:
                note(space, WITHDRAWN, publisher=answer.title[:80])


def _record(
    space,
    publisher_id: str,
    title: str,
    version: str,
    given: bool,
    channel: str,
    actor: str,
) -> None:
    answers = getattr(aq_base(space), _ATTRIBUTE, None)
    if answers is None:
        answers = PersistentList()
        setattr(aq_base(space), _ATTRIBUTE, answers)
    answer = Answer(
        publisher_id, title, TEXT, version, clock.now(), given, channel, actor
    )
    answers.append(asdict(answer))
